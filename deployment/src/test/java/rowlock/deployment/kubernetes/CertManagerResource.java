/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/**
 * Describes the parts of cert-manager's resources ({@code cert-manager.io/v1}, 1.18) that our
 * manifests use. Other fields are refused.
 */
final class CertManagerResource {
  private CertManagerResource() {}

  record Issuer(String apiVersion, String kind, ObjectMeta metadata, IssuerSpec spec) {}

  record IssuerSpec(Map<String, String> selfSigned, Authority ca) {}

  record Authority(String secretName) {}

  record Certificate(String apiVersion, String kind, ObjectMeta metadata, CertificateSpec spec) {}

  record CertificateSpec(
      boolean isCA,
      String commonName,
      String secretName,
      List<String> dnsNames,
      String duration,
      String renewBefore,
      PrivateKey privateKey,
      Keystores keystores,
      Reference issuerRef) {}

  record PrivateKey(Algorithm algorithm, int size, Encoding encoding, Rotation rotationPolicy) {}

  enum Algorithm {
    RSA,
    ECDSA,
    Ed25519
  }

  enum Encoding {
    PKCS1,
    PKCS8
  }

  enum Rotation {
    Always,
    Never
  }

  record Keystores(Pkcs12 pkcs12) {}

  record Pkcs12(boolean create, Profile profile, String password) {}

  enum Profile {
    LegacyRC2,
    LegacyDES,
    Modern2023
  }

  record Reference(String name, String kind) {}
}
