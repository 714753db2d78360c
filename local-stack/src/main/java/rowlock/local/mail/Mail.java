/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.mail;

import jakarta.mail.Address;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Represents a mail as its recipient sees it.
 *
 * @param file that contains it
 * @param to addresses of the recipients
 * @param subject decoded
 * @param text plain text, empty if there is none
 * @param html HTML text, empty if there is none
 */
public record Mail(Path file, List<String> to, String subject, String text, String html) {
  private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"]+");

  /** Copies the list. */
  public Mail {
    to = List.copyOf(to);
  }

  /** Reads a file. @throws UncheckedIOException if it cannot be read */
  static Mail read(Path file) {
    try (var content = Files.newInputStream(file)) {
      var settings = new Properties();
      // RFC 6532
      settings.setProperty("mail.mime.allowutf8", "true");
      var message = new MimeMessage(Session.getInstance(settings), content);
      return new Mail(
          file,
          addresses(message.getRecipients(RecipientType.TO)),
          Objects.toString(message.getSubject(), ""),
          body(message, "text/plain"),
          body(message, "text/html"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MessagingException e) {
      throw new UncheckedIOException(new IOException(file + " is not a mail", e));
    }
  }

  /** Returns the links in the plain text, in their order. */
  public List<URI> links() {
    return LINK.matcher(text).results().map(MatchResult::group).map(URI::create).toList();
  }

  /**
   * Returns the first link.
   *
   * @throws IllegalStateException if there is none
   */
  public URI link() {
    return links().stream()
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("No link in the mail \"" + subject + "\": " + text));
  }

  private static List<String> addresses(Address[] recipients) {
    return recipients == null
        ? List.of()
        : Arrays.stream(recipients)
            .map(
                recipient ->
                    recipient instanceof InternetAddress address
                        ? address.getAddress()
                        : recipient.toString())
            .toList();
  }

  private static String body(Part part, String type) throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return part.getContent().toString();
    }
    if (part.getContent() instanceof Multipart parts) {
      for (var inner : partsOf(parts)) {
        var found = body(inner, type);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return "";
  }

  private static List<BodyPart> partsOf(Multipart parts) throws MessagingException {
    var all = new ArrayList<BodyPart>();
    for (var index = 0; index < parts.getCount(); index++) {
      all.add(parts.getBodyPart(index));
    }
    return all;
  }
}
