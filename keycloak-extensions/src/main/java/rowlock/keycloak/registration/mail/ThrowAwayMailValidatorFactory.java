/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ConfiguredProvider;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import org.keycloak.validate.ValidationContext;
import org.keycloak.validate.ValidationError;
import org.keycloak.validate.ValidationResult;
import org.keycloak.validate.Validator;
import org.keycloak.validate.ValidatorConfig;
import org.keycloak.validate.ValidatorFactory;
import rowlock.keycloak.support.ExtensionVersion;

/**
 * The validator {@code not-throw-away-mail} of the user profile, for the attribute {@code email}.
 */
public final class ThrowAwayMailValidatorFactory
    implements ValidatorFactory, ConfiguredProvider, ServerInfoAwareProviderFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "not-throw-away-mail";

  static final String MESSAGE = "rowlockThrowAwayMail";
  static final String ALLOWED = "allowed-domains";
  static final String REFUSED = "refused-domains";
  static final String FILE = "file";
  static final String REPLACES = "file-replaces-bundled-list";

  private static final String OPTION = "spi-validator--not-throw-away-mail--";

  private @Nullable ThrowAwayDomains domains;

  @Override
  public void init(Config.Scope config) {
    domains =
        ThrowAwayDomains.open(OPTION + FILE, config.get(FILE), config.getBoolean(REPLACES, false));
  }

  @Override
  public Validator create(KeycloakSession session) {
    return this::validate;
  }

  @Override
  public ValidationResult validateConfig(
      KeycloakSession session, @Nullable ValidatorConfig config) {
    var errors = new HashSet<ValidationError>();
    for (var setting : List.of(ALLOWED, REFUSED)) {
      texts(config, setting).stream()
          .filter(text -> MailDomain.of(text) == null)
          .forEach(text -> errors.add(new ValidationError(ID, setting, "rowlockNoDomain", text)));
    }
    return new ValidationResult(errors);
  }

  @Override
  public String getHelpText() {
    return "Rejects addresses of disposable mail providers. Current list: "
        + (domains == null ? "" : domains.description())
        + ".";
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(ALLOWED)
        .label("Allowed domains")
        .helpText("Always accepted, with their subdomains. Takes precedence over all lists.")
        .type(ProviderConfigProperty.MULTIVALUED_STRING_TYPE)
        .add()
        .property()
        .name(REFUSED)
        .label("Refused domains")
        .helpText("Rejected in addition to the list, with their subdomains.")
        .type(ProviderConfigProperty.MULTIVALUED_STRING_TYPE)
        .add()
        .build();
  }

  @Override
  public List<ProviderConfigProperty> getConfigMetadata() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(FILE)
        .type(ProviderConfigProperty.STRING_TYPE)
        .helpText("Path of a list with one domain a line. Reloaded after a change.")
        .add()
        .property()
        .name(REPLACES)
        .type(ProviderConfigProperty.BOOLEAN_TYPE)
        .defaultValue(false)
        .helpText("Whether the file replaces the bundled list or is added to it.")
        .add()
        .build();
  }

  @Override
  public Map<String, String> getOperationalInfo() {
    var info = new HashMap<>(ExtensionVersion.asOperationalInfo());
    info.put("List", domains().description());
    return info;
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}

  private ValidationContext validate(
      @Nullable Object input, String attribute, ValidationContext context, ValidatorConfig config) {
    for (var address :
        input instanceof Collection<?> many ? many : Stream.ofNullable(input).toList()) {
      var domain = MailDomain.ofAddress(String.valueOf(address));
      if (domain != null
          && domains().isThrowAway(domain, names(config, ALLOWED), names(config, REFUSED))) {
        context.addError(new ValidationError(ID, attribute, MESSAGE, domain.name()));
      }
    }
    return context;
  }

  private ThrowAwayDomains domains() {
    if (domains == null) {
      throw new IllegalStateException("The factory is not initialized");
    }
    return domains;
  }

  private static Set<String> names(ValidatorConfig config, String setting) {
    return texts(config, setting).stream()
        .flatMap(text -> Stream.ofNullable(MailDomain.of(text)))
        .map(MailDomain::name)
        .collect(Collectors.toSet());
  }

  private static List<String> texts(@Nullable ValidatorConfig config, String setting) {
    var value = config == null ? null : config.get(setting);
    if (value instanceof Collection<?> many) {
      return many.stream().map(String::valueOf).toList();
    }
    return value == null ? List.of() : List.of(value.toString());
  }
}
