/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.util.List;
import org.apache.catalina.util.NetMaskSet;
import rowlock.settings.Networks;

/**
 * Who may say for whom a request is made.
 *
 * @param trusted addresses and networks (CIDR) of proxies whose {@code X-Forwarded-For} is passed
 *     on, {@code ROWLOCK_TRUSTED_PROXIES}; empty, the default: nobody's is
 */
public record ProxySettings(List<String> trusted) {

  private static final String VARIABLE = "ROWLOCK_TRUSTED_PROXIES";

  /** Refuses what is no network, and a network of everybody. */
  public ProxySettings {
    trusted = List.copyOf(trusted);
    trusted.forEach(network -> Networks.checkProxy(VARIABLE, network));
  }

  /** The same, for looking up addresses. */
  public NetMaskSet networks() {
    NetMaskSet networks = new NetMaskSet();
    trusted.forEach(networks::add);
    return networks;
  }
}
