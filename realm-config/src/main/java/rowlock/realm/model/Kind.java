/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.model;

/** The kinds of objects of a realm, in the order in which plans list them. */
public enum Kind {
  /** Settings of the realm itself. */
  REALM("realm"),
  /** Texts of one language. */
  LOCALIZATION("texts"),
  /** A role of the realm. */
  ROLE("role"),
  /** A client scope with its protocol mappers. */
  CLIENT_SCOPE("client scope"),
  /** A top-level authentication flow with the flows in it and the settings of all steps. */
  FLOW("flow"),
  /** A client with its protocol mappers. */
  CLIENT("client"),
  /** The roles of the service account of a client. */
  SERVICE_ACCOUNT("service account of client"),
  /** A role of a client. */
  CLIENT_ROLE("client role"),
  /** Roles that a client or a client scope may put into tokens. */
  SCOPE_MAPPING("role scope"),
  /** A group, named by its path. */
  GROUP("group"),
  /** A component, such as a key provider or a policy of client registration. */
  COMPONENT("component"),
  /** The attributes of users. */
  USER_PROFILE("user profile"),
  /** An action that users must or may do. */
  REQUIRED_ACTION("required action"),
  /** An identity provider. */
  IDENTITY_PROVIDER("identity provider"),
  /** A mapper of an identity provider. */
  IDENTITY_PROVIDER_MAPPER("identity provider mapper"),
  /** A profile of client policies. */
  CLIENT_PROFILE("client profile"),
  /** A client policy. */
  CLIENT_POLICY("client policy");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  /** Returns the name that users of Keycloak know. */
  public String label() {
    return label;
  }

  /**
   * Returns whether the object is one document: what the source does not state in it is a
   * difference, unless it is empty.
   */
  public boolean isDocument() {
    return this == USER_PROFILE || this == CLIENT_PROFILE || this == CLIENT_POLICY;
  }

  /** Returns whether the object is a part of another one that is never removed with the source. */
  public boolean isPermanent() {
    return this == REALM || this == USER_PROFILE || this == SERVICE_ACCOUNT;
  }
}
