/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * Source of the page's files.
 *
 * @param folder folder from which the files are read on each visit, for development, {@code
 *     ROWLOCK_WEB_PAGE_FOLDER}; null: the files in this jar
 */
public record PageSettings(@Nullable Path folder) {

  private static final String VARIABLE = "ROWLOCK_WEB_PAGE_FOLDER";

  /** Rejects a path that is not a folder. */
  public PageSettings {
    if (folder != null && !Files.isDirectory(folder)) {
      throw new InvalidSettingException(
          VARIABLE, "is not a folder. Set it to the folder with the page's index.html.");
    }
  }

  /** Returns whether the files are read on each visit. */
  public boolean isDevelopment() {
    return folder != null;
  }

  /** Returns the location for Spring's resource loader, with a slash at the end. */
  public String location() {
    return folder == null ? "classpath:/page/" : folder.toUri().toString();
  }

  /** Returns the exception for a folder without a required file. */
  public InvalidSettingException missing(String file) {
    return new InvalidSettingException(VARIABLE, "is a folder without " + file + ".");
  }

  static PageSettings from(Variables variables) {
    var folder = variables.text(VARIABLE);
    return new PageSettings(folder == null ? null : Path.of(folder).toAbsolutePath());
  }
}
