/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * Where the page's files come from.
 *
 * @param folder a folder to read them from anew with each visit, {@code ROWLOCK_WEB_PAGE_FOLDER}:
 *     for working on the page; null: those of this program
 */
public record PageSettings(@Nullable Path folder) {

  private static final String VARIABLE = "ROWLOCK_WEB_PAGE_FOLDER";

  /** Refuses a folder that is none. */
  public PageSettings {
    if (folder != null && !Files.isDirectory(folder)) {
      throw new InvalidSettingException(
          VARIABLE, "is no folder. Name the one that holds the page's index.html.");
    }
  }

  /** Whether somebody works on the files. */
  public boolean isWorkedOn() {
    return folder != null;
  }

  /** As Spring names places of resources, with a slash at the end. */
  public String location() {
    return folder == null ? "classpath:/page/" : folder.toUri().toString();
  }

  /** What to say when a file that must be there is not. */
  public InvalidSettingException without(String file) {
    return new InvalidSettingException(VARIABLE, "names a folder without " + file + ".");
  }

  static PageSettings from(Variables variables) {
    return new PageSettings(
        variables.text(VARIABLE).map(text -> Path.of(text).toAbsolutePath()).orElse(null));
  }
}
