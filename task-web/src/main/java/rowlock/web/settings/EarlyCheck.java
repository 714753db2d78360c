/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import rowlock.settings.EarlySettingCheck;

/** Rejects invalid ports. */
final class EarlyCheck extends EarlySettingCheck {
  EarlyCheck() {
    super(ServerSettings::from);
  }
}
