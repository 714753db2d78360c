/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.deployment.SecretFiles.Place;

class CertificatesTest {
  private static final SortedSet<String> NAMES = names("login.example.org", "tasks.example.org");

  @TempDir Path folder;

  private final Instant now = Instant.now();
  private SecretFiles files;

  @BeforeEach
  void prepare() {
    files = new SecretFiles(folder);
  }

  @Test
  void certificate_isSignedByTheAuthority_forTheServersNames() throws Exception {
    assertThat(at(now).make(NAMES)).isTrue();
    var certificate = certificate(Certificates.CERTIFICATE);
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(name -> (String) name.get(1))
        .containsExactlyElementsOf(NAMES);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    validate(certificate(Certificates.AUTHORITY), certificate);
    assertThat(files.read(Certificates.CERTIFICATE)).contains("BEGIN PRIVATE KEY");
    assertThat(files.read(Certificates.AUTHORITY)).doesNotContain("KEY");
  }

  @Test
  void authority_isConstrainedToTheServersNames() throws Exception {
    at(now).make(NAMES);
    var authority = certificate(Certificates.AUTHORITY);
    // critical, so that a client without support for it trusts nothing
    assertThat(authority.getCriticalExtensionOIDs()).contains("2.5.29.30");
    assertThat(
            NameConstraints.getInstance(
                    JcaX509ExtensionUtils.parseExtensionValue(
                        authority.getExtensionValue("2.5.29.30")))
                .getPermittedSubtrees())
        .extracting(subtree -> subtree.getBase().getName().toString())
        .containsExactlyElementsOf(NAMES);
  }

  @Test
  void certificate_isKeptUntilItIsAboutToExpire() throws IOException {
    at(now).make(NAMES);
    var first = files.read(Certificates.CERTIFICATE);
    assertThat(at(now.plusSeconds(300L * 86400)).make(NAMES)).isFalse();
    assertThat(files.read(Certificates.CERTIFICATE)).isEqualTo(first);
    assertThat(at(now.plusSeconds(340L * 86400)).make(NAMES)).isTrue();
    assertThat(files.read(Certificates.CERTIFICATE)).isNotEqualTo(first);
  }

  @Test
  void otherNames_getANewCertificate() throws IOException {
    at(now).make(NAMES);
    assertThat(at(now).make(names("tasks.example.org"))).isTrue();
  }

  @Test
  void operatorsCertificate_isKept() throws IOException {
    files.write(Certificates.CERTIFICATE, "the operator's own");
    assertThat(at(now).make(NAMES)).isFalse();
    assertThat(files.read(Certificates.CERTIFICATE)).isEqualTo("the operator's own");
  }

  private Certificates at(Instant time) {
    return new Certificates(files, Clock.fixed(time, ZoneOffset.UTC));
  }

  private static SortedSet<String> names(String... names) {
    return new TreeSet<>(List.of(names));
  }

  private X509Certificate certificate(Place place) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(files.read(place).getBytes(StandardCharsets.US_ASCII)));
  }

  private static CertPath path(X509Certificate certificate) throws Exception {
    return CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
  }

  private static void validate(X509Certificate authority, X509Certificate certificate)
      throws Exception {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX").validate(path(certificate), parameters);
  }
}
