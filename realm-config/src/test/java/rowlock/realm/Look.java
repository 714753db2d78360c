/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import java.util.Locale;

/** Defines how a page is displayed: width, colour scheme and language. */
enum Look {
  LIGHT(1100, ColorScheme.LIGHT, Locale.UK),
  DARK(1100, ColorScheme.DARK, Locale.UK),
  PHONE(360, ColorScheme.LIGHT, Locale.GERMANY),
  DARK_PHONE(360, ColorScheme.DARK, Locale.GERMANY);

  private final int width;
  private final ColorScheme colours;
  private final Locale locale;

  Look(int width, ColorScheme colours, Locale locale) {
    this.width = width;
    this.colours = colours;
    this.locale = locale;
  }

  Visit start() {
    return Visit.start(
        new NewContextOptions()
            .setViewportSize(width, 800)
            .setColorScheme(colours)
            .setLocale(locale.toLanguageTag()));
  }

  String language() {
    return locale.getLanguage();
  }

  /** Returns the name of the image of a page in this look. */
  String image(String page) {
    return page + "-" + name().toLowerCase(Locale.ROOT);
  }
}
