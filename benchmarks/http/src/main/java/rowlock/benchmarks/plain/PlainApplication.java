/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.plain;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * The baseline of the benchmark: tasks as an API with Spring's starters and their defaults. Each
 * statement names its owner; there is neither isolation in the database nor revocation.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class PlainApplication {
  /** Starts the application. */
  public static void main(String[] arguments) {
    SpringApplication.run(PlainApplication.class, arguments);
  }

  /** Accepts the type of access tokens (RFC 9068), which the default decoder rejects. */
  @Bean
  static JwtDecoder jwtDecoder(@Value("${rowlock.issuer}") String issuer) {
    var decoder =
        NimbusJwtDecoder.withIssuerLocation(issuer)
            .jwsAlgorithm(SignatureAlgorithm.PS256)
            .jwtProcessorCustomizer(
                processor ->
                    processor.setJWSTypeVerifier(
                        new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"))))
            .build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            new JwtTimestampValidator(), new JwtIssuerValidator(issuer)));
    return decoder;
  }
}
