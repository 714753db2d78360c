/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import rowlock.deployment.SecretFiles.Place;
import rowlock.deployment.SecretFiles.Server;

/**
 * Issues the proxy's certificate (RFC 5280) with an authority of this deployment. The authority's
 * key is discarded after the signature. Name constraints limit the authority to these names, so
 * trusting it gives access to no other site. A file of the operator is kept.
 */
final class Certificates {
  static final Place CERTIFICATE = new Place(Server.PROXY, "tls.pem");
  static final Place AUTHORITY = new Place(Server.PROXY, "authority.pem");

  private static final Period LIFETIME = Period.ofDays(397);
  private static final Period RENEWED_BEFORE = Period.ofDays(60);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretFiles files;
  private final Clock clock;

  Certificates(SecretFiles files, Clock clock) {
    this.files = files;
    this.clock = clock;
  }

  /**
   * Issues the certificate if there is none, or if our own is for other names or about to expire.
   *
   * @param names DNS names of the servers
   * @return whether a certificate was issued
   */
  boolean make(SortedSet<String> names) throws IOException {
    if (files.has(CERTIFICATE) && (!files.has(AUTHORITY) || serves(names))) {
      return false;
    }
    try {
      var now = clock.instant();
      var authorityKey = keyPair();
      var authorityName = new X500Name("CN=Rowlock of " + names.first());
      var authority = sign(authority(authorityName, authorityKey, now, names), authorityKey);
      var key = keyPair();
      var certificate = sign(server(authorityName, authorityKey, key, now, names), authorityKey);
      files.write(AUTHORITY, pem(authority));
      files.write(CERTIFICATE, pem(certificate, new JcaPKCS8Generator(key.getPrivate(), null)));
      return true;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("ECDSA is unavailable", e);
    }
  }

  private boolean serves(SortedSet<String> names) throws IOException {
    try (var parser = new PEMParser(new StringReader(files.read(CERTIFICATE)))) {
      var certificate = (X509CertificateHolder) parser.readObject();
      SortedSet<String> served = new TreeSet<>();
      var all =
          GeneralNames.fromExtensions(
              certificate.getExtensions(), Extension.subjectAlternativeName);
      for (var name : all.getNames()) {
        served.add(name.getName().toString());
      }
      var renewal = later(clock.instant(), RENEWED_BEFORE);
      return served.equals(names) && certificate.getNotAfter().toInstant().isAfter(renewal);
    }
  }

  private static X509v3CertificateBuilder authority(
      X500Name name, KeyPair key, Instant now, SortedSet<String> names)
      throws GeneralSecurityException, IOException {
    var permitted =
        dnsNames(names).stream().map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
    return builder(name, name, key, now)
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.getPublic()))
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
        .addExtension(Extension.nameConstraints, true, new NameConstraints(permitted, null));
  }

  private static X509v3CertificateBuilder server(
      X500Name issuer, KeyPair issuerKey, KeyPair key, Instant now, SortedSet<String> names)
      throws GeneralSecurityException, IOException {
    var alternatives = dnsNames(names).toArray(GeneralName[]::new);
    return builder(issuer, new X500Name("CN=" + names.first()), key, now)
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuerKey.getPublic()))
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
  }

  /** The validity starts in the past, for clients whose clocks are slow. */
  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair key, Instant now) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(159, RANDOM),
        Date.from(now.minusSeconds(3600)),
        Date.from(later(now, LIFETIME)),
        subject,
        key.getPublic());
  }

  private static List<GeneralName> dnsNames(SortedSet<String> names) {
    return names.stream().map(name -> new GeneralName(GeneralName.dNSName, name)).toList();
  }

  private static Instant later(Instant now, Period period) {
    return now.atZone(ZoneOffset.UTC).plus(period).toInstant();
  }

  private static X509CertificateHolder sign(X509v3CertificateBuilder builder, KeyPair key)
      throws OperatorCreationException {
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()));
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  /** Encodes objects as PEM (RFC 7468). */
  private static String pem(Object... objects) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      for (var each : objects) {
        writer.writeObject(each);
      }
    }
    return text.toString();
  }
}
