/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the life of every kind of object: created, changed, no longer declared, removed. The
 * source is one of the test, and uses only what a stock server has.
 */
class ApplyKindsIT {
  /** A kind of object with a first and a second version of its source. */
  record Kind(String file, String first, String second, List<String> shown) {
    @Override
    public String toString() {
      return file;
    }
  }

  @TempDir private static Path folder;
  private static TestRealm realm;

  @BeforeAll
  static void create() {
    realm =
        TestRealm.create(
            "kinds-it",
            folder,
            Map.of("a.yaml", "realm: kinds-it\nenabled: true\nadminEventsEnabled: true\n"));
  }

  static List<Kind> kinds() {
    return List.of(
        new Kind(
            "settings.yaml",
            """
            displayName: One
            loginWithEmailAllowed: false
            supportedLocales: [en, de]
            passwordPolicy: length(9) and notUsername(undefined)
            attributes: {frontendUrl: "https://one.example", number: 1}
            webAuthnPolicyRpEntityName: One
            webAuthnPolicySignatureAlgorithms: [ES256, RS256]
            otpPolicyDigits: 8
            browserSecurityHeaders: {referrerPolicy: no-referrer}
            """,
            """
            displayName: Two
            loginWithEmailAllowed: true
            supportedLocales: [fr]
            passwordPolicy: length(10)
            attributes: {frontendUrl: "https://two.example", number: 2}
            webAuthnPolicyRpEntityName: Two
            webAuthnPolicySignatureAlgorithms: [RS256, ES256]
            otpPolicyDigits: 6
            browserSecurityHeaders: {referrerPolicy: same-origin}
            """,
            List.of()),
        new Kind(
            "roles.yaml",
            """
            roles:
              realm:
                - {name: reader, description: Reads, attributes: {level: ["1"]}}
                - name: editor
                  composite: true
                  composites: {realm: [reader], client: {account: [view-profile]}}
            """,
            """
            roles:
              realm:
                - {name: reader, description: Reads more, attributes: {level: ["1", "2"]}}
                - name: editor
                  composite: true
                  composites: {client: {account: [view-consent, view-profile]}}
            """,
            List.of("role reader", "role editor")),
        new Kind(
            "client-scopes/s.yaml",
            """
            name: s
            description: One
            protocol: openid-connect
            attributes: {include.in.token.scope: true}
            protocolMappers:
              - name: one
                protocol: openid-connect
                protocolMapper: oidc-hardcoded-claim-mapper
                config: {claim.name: one, claim.value: "1", access.token.claim: true}
              - name: two
                protocol: openid-connect
                protocolMapper: oidc-hardcoded-claim-mapper
                config: {claim.name: two, claim.value: "2", access.token.claim: true}
            """,
            """
            name: s
            description: Two
            protocol: openid-connect
            attributes: {include.in.token.scope: false}
            protocolMappers:
              - name: one
                protocol: openid-connect
                protocolMapper: oidc-hardcoded-claim-mapper
                config: {claim.name: one, claim.value: "11", access.token.claim: false}
              - name: three
                protocol: openid-connect
                protocolMapper: oidc-usermodel-attribute-mapper
                config: {claim.name: three, user.attribute: three, id.token.claim: true}
            """,
            List.of("client scope s")),
        new Kind(
            "clients/app.yaml",
            """
            clientId: app
            secret: ${APP_SECRET}
            redirectUris: ["https://app.example/a", "https://app.example/b"]
            webOrigins: []
            serviceAccountsEnabled: true
            defaultClientScopes: [basic, profile]
            optionalClientScopes: [email]
            attributes: {pkce.code.challenge.method: S256}
            protocolMappers:
              - name: one
                protocol: openid-connect
                protocolMapper: oidc-hardcoded-claim-mapper
                config: {claim.name: one, claim.value: "1", access.token.claim: true}
            """,
            """
            clientId: app
            secret: ${APP_SECRET}
            redirectUris: ["https://app.example/b"]
            webOrigins: ["https://app.example"]
            serviceAccountsEnabled: true
            defaultClientScopes: [basic, email]
            optionalClientScopes: [profile, phone]
            attributes: {pkce.code.challenge.method: ""}
            protocolMappers:
              - name: two
                protocol: openid-connect
                protocolMapper: oidc-hardcoded-claim-mapper
                config: {claim.name: one, claim.value: "1", access.token.claim: true}
            """,
            List.of("client app")),
        new Kind(
            "mappings.yaml",
            """
            roles: {client: {account: [{name: extra}]}}
            clientScopeMappings: {account: [{client: admin-cli, roles: [view-profile, extra]}]}
            scopeMappings: [{clientScope: phone, roles: [offline_access]}]
            """,
            """
            roles: {client: {account: [{name: extra, description: More}]}}
            clientScopeMappings: {account: [{client: admin-cli, roles: [view-consent]}]}
            scopeMappings: [{clientScope: phone, roles: [uma_authorization]}]
            """,
            List.of(
                "client role account/extra",
                "role scope account/client admin-cli",
                "role scope client scope phone")),
        new Kind(
            "groups.yaml",
            """
            groups:
              - name: staff
                attributes: {floor: ["1"]}
                realmRoles: [offline_access]
                subGroups: [{name: night, clientRoles: {account: [view-profile]}}]
            """,
            """
            groups:
              - name: staff
                attributes: {floor: ["2"]}
                realmRoles: [uma_authorization]
                subGroups: [{name: night, clientRoles: {account: [view-consent]}}]
            """,
            List.of("group /staff", "group /staff/night")),
        new Kind(
            "components.yaml",
            """
            components:
              org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy:
                - {name: few, providerId: max-clients, subType: anonymous, config: {max-clients: 3}}
            """,
            """
            components:
              org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy:
                - {name: few, providerId: max-clients, subType: anonymous, config: {max-clients: 4}}
            """,
            List.of(
                "component"
                    + " org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy/few"
                    + " (anonymous)")),
        new Kind(
            "directory.yaml",
            directory("ldap://one.example", "uid"),
            directory("ldap://two.example", "mail"),
            List.of(
                "component org.keycloak.storage.UserStorageProvider/staff",
                "component org.keycloak.storage.ldap.mappers.LDAPStorageMapper/staff / name")),
        new Kind(
            "bound.yaml",
            bound("kinds-bound", "ALTERNATIVE"),
            bound("kinds-bound", "REQUIRED"),
            List.of("client bound", "flow kinds-bound", "flow kinds-shares")),
        new Kind(
            "default-groups.yaml",
            "groups: [{name: everyone}]\ndefaultGroups: [/everyone]\n",
            "groups: [{name: everyone}, {name: others}]\ndefaultGroups: [/everyone, /others]\n",
            List.of("group /everyone", "group /others")),
        new Kind("profile.yaml", profile("nickname", 20), profile("badge", 30), List.of()),
        new Kind(
            "required-actions/TERMS_AND_CONDITIONS.yaml",
            "alias: TERMS_AND_CONDITIONS\nname: Terms\nproviderId: TERMS_AND_CONDITIONS\n"
                + "enabled: true\ndefaultAction: false\npriority: 20\n",
            "alias: TERMS_AND_CONDITIONS\nname: Conditions\nproviderId: TERMS_AND_CONDITIONS\n"
                + "enabled: false\ndefaultAction: false\npriority: 30\n",
            List.of("required action TERMS_AND_CONDITIONS")),
        new Kind(
            "identity-providers/github.yaml",
            """
            alias: github
            providerId: github
            enabled: true
            trustEmail: false
            config: {clientId: one, clientSecret: "${APP_SECRET}", syncMode: IMPORT}
            """,
            """
            alias: github
            providerId: github
            enabled: false
            trustEmail: false
            config: {clientId: two, clientSecret: "${APP_SECRET}", syncMode: FORCE}
            """,
            List.of("identity provider github")),
        new Kind(
            "provider.yaml",
            """
            identityProviders:
              - {alias: lab, providerId: oidc, config: {clientId: lab, clientSecret: "${APP_SECRET}",
                 authorizationUrl: "https://lab.example/auth", tokenUrl: "https://lab.example/token"}}
            identityProviderMappers:
              - name: role
                identityProviderAlias: lab
                identityProviderMapper: oidc-hardcoded-role-idp-mapper
                config: {syncMode: INHERIT, role: offline_access}
            """,
            """
            identityProviders:
              - {alias: lab, providerId: oidc, config: {clientId: lab, clientSecret: "${APP_SECRET}",
                 authorizationUrl: "https://lab.example/auth2", tokenUrl: "https://lab.example/token"}}
            identityProviderMappers:
              - name: role
                identityProviderAlias: lab
                identityProviderMapper: oidc-hardcoded-role-idp-mapper
                config: {syncMode: FORCE, role: uma_authorization}
            """,
            List.of("identity provider lab", "identity provider mapper lab/role")),
        new Kind(
            "policies.yaml",
            policies("true", "[pkce]"),
            policies("false", "[pkce, second]"),
            List.of("client profile pkce", "client policy all", "client profile second")),
        new Kind(
            "texts.yaml",
            "localizationTexts: {en: {greeting: Hello, farewell: Bye}}\n",
            "localizationTexts: {en: {greeting: Good day, farewell: Bye}}\n",
            List.of("texts en")),
        new Kind(
            "scopes.yaml",
            "defaultDefaultClientScopes: [basic, acr]\ndefaultOptionalClientScopes: [email]\n",
            "defaultDefaultClientScopes: [basic, email]\ndefaultOptionalClientScopes: [acr]\n",
            List.of()),
        new Kind(
            "service.yaml",
            """
            clients: [{clientId: robot, serviceAccountsEnabled: true, secret: "${APP_SECRET}"}]
            users:
              - username: service-account-robot
                serviceAccountClientId: robot
                realmRoles: [offline_access]
                clientRoles: {realm-management: [view-realm, view-clients]}
            """,
            """
            clients: [{clientId: robot, serviceAccountsEnabled: true, secret: "${APP_SECRET}"}]
            users:
              - username: service-account-robot
                serviceAccountClientId: robot
                realmRoles: [uma_authorization]
                clientRoles: {realm-management: [view-realm]}
            """,
            List.of("client robot")),
        new Kind(
            "flows.yaml",
            flows("REQUIRED", "ALTERNATIVE", "x"),
            flows("ALTERNATIVE", "CONDITIONAL", "y"),
            List.of()));
  }

  private static String directory(String url, String attribute) {
    return """
    components:
      org.keycloak.storage.UserStorageProvider:
        - name: staff
          providerId: ldap
          config:
            enabled: false
            vendor: other
            editMode: READ_ONLY
            connectionUrl: %s
            usersDn: ou=staff
            authType: simple
            bindDn: cn=reader
            bindCredential: ${APP_SECRET}
            usernameLDAPAttribute: uid
            rdnLDAPAttribute: uid
            uuidLDAPAttribute: entryUUID
            userObjectClasses: inetOrgPerson
          subComponents:
            org.keycloak.storage.ldap.mappers.LDAPStorageMapper:
              - name: name
                providerId: user-attribute-ldap-mapper
                config: {ldap.attribute: %s, user.model.attribute: username, read.only: true}
    """
        .formatted(url, attribute);
  }

  /** Both flows share the inner flow and the settings of a step. */
  private static String bound(String flow, String requirement) {
    return """
    clients:
      - {clientId: bound, redirectUris: ["https://b.example/"], authenticationFlowBindingOverrides: {browser: %1$s}}
    authenticationFlows:
      - alias: %1$s
        providerId: basic-flow
        topLevel: true
        builtIn: false
        authenticationExecutions:
          - {authenticator: auth-cookie, requirement: ALTERNATIVE, priority: 10}
          - {flowAlias: kinds-inner, authenticatorFlow: true, requirement: ALTERNATIVE, priority: 20}
      - alias: kinds-shares
        providerId: basic-flow
        topLevel: true
        builtIn: false
        authenticationExecutions:
          - {authenticator: auth-cookie, requirement: %2$s, priority: 10}
          - {flowAlias: kinds-inner, authenticatorFlow: true, requirement: ALTERNATIVE, priority: 20}
      - alias: kinds-inner
        providerId: basic-flow
        topLevel: false
        builtIn: false
        authenticationExecutions:
          - {authenticator: conditional-credential, authenticatorConfig: kinds-shared, requirement: REQUIRED, priority: 10}
          - {authenticator: auth-username-password-form, requirement: REQUIRED, priority: 20}
    authenticatorConfig:
      - {alias: kinds-shared, config: {credentials: webauthn}}
    """
        .formatted(flow, requirement);
  }

  private static String profile(String attribute, int max) {
    return """
    components:
      org.keycloak.userprofile.UserProfileProvider:
        - providerId: declarative-user-profile
          config:
            kc.user.profile.config:
              attributes:
                - {name: username, permissions: {view: [admin, user], edit: [admin]}}
                - {name: email, validations: {email: {}, length: {max: %d}}}
                - {name: %s, displayName: Name, group: more, multivalued: true}
              groups: [{name: more, displayHeader: More}]
    """
        .formatted(max, attribute);
  }

  private static String policies(String enabled, String profiles) {
    return """
    clientProfiles:
      profiles:
        - name: pkce
          description: D
          executors: [{executor: pkce-enforcer, configuration: {auto-configure: %s}}]
        - name: second
          executors: [{executor: full-scope-disabled, configuration: {auto-configure: "true"}}]
    clientPolicies:
      policies:
        - name: all
          enabled: %s
          conditions: [{condition: any-client, configuration: {is-negative-logic: false}}]
          profiles: %s
    """
        .formatted(enabled, enabled, profiles);
  }

  private static String flows(String cookie, String inner, String mode) {
    return """
    authenticationFlows:
      - alias: kinds-browser
        description: For browsers
        providerId: basic-flow
        topLevel: true
        builtIn: false
        authenticationExecutions:
          - {authenticator: auth-cookie, requirement: %s, priority: 10}
          - {flowAlias: kinds-forms, authenticatorFlow: true, requirement: ALTERNATIVE, priority: 20}
      - alias: kinds-forms
        providerId: basic-flow
        topLevel: false
        builtIn: false
        authenticationExecutions:
          - {authenticator: auth-username-password-form, requirement: REQUIRED, priority: 10}
          - {flowAlias: kinds-otp, authenticatorFlow: true, requirement: %s, priority: 20}
      - alias: kinds-otp
        providerId: basic-flow
        topLevel: false
        builtIn: false
        authenticationExecutions:
          - {authenticator: conditional-user-configured, requirement: REQUIRED, priority: 10}
          - {authenticator: conditional-credential, authenticatorConfig: kinds-config, requirement: REQUIRED, priority: 20}
          - {authenticator: auth-otp-form, requirement: REQUIRED, priority: 30}
    authenticatorConfig:
      - {alias: kinds-config, config: {credentials: "%s"}}
    browserFlow: kinds-browser
    """
        .formatted(cookie, inner, mode.equals("x") ? "webauthn" : "webauthn-passwordless");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void object_createdChangedAndRemoved_serverFollows(Kind kind) {
    realm.write(kind.file(), kind.first());
    assertFollows(kind);
    realm.write(kind.file(), kind.second());
    assertFollows(kind);
    assertThat(run("apply", "--yes").out()).isEqualTo("Realm kinds-it: no changes.\n");

    realm.write("flow-of-keycloak.yaml", "browserFlow: browser\n");
    realm.remove(kind.file());
    var without = run("plan");
    assertThat(without.all()).doesNotContain("is created");
    kind.shown()
        .forEach(object -> assertThat(without.out()).contains(object + " is no longer declared"));
    var pruned = run("apply", "--yes", "--prune");
    assertThat(pruned.code()).as(pruned.all()).isZero();
    assertThat(run("plan", "--prune").all()).isEqualTo("Realm kinds-it: no changes.\n");
    assertThat(run("plan").out()).doesNotContain("no longer declared");
    realm.remove("flow-of-keycloak.yaml");
  }

  private static void assertFollows(Kind kind) {
    var before = run("plan");
    assertThat(before.code()).as(before.all()).isEqualTo(2);
    var applied = run("apply", "--yes");
    assertThat(applied.code()).as(applied.all()).isZero();
    assertThat(run("plan").all()).as(kind.file()).isEqualTo("Realm kinds-it: no changes.\n");
  }

  private static TestRealm.Output run(String... arguments) {
    return realm.run(Map.of("APP_SECRET", "a secret that must not be printed"), arguments);
  }

  @Test
  void output_neverContainsSecret() {
    realm.write("clients/hidden.yaml", "clientId: hidden\nsecret: ${APP_SECRET}\n");

    var plan = run("plan");
    var applied = run("apply", "--yes");

    realm.remove("clients/hidden.yaml");
    run("apply", "--yes", "--prune");
    assertThat(plan.out()).contains("secret: (secret)");
    assertThat(plan.all() + applied.all()).doesNotContain("must not be printed");
  }
}
