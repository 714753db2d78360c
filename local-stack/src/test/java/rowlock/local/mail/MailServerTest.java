/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailServerTest {
  @TempDir private Path folder;
  private final List<Mail> arrived = new CopyOnWriteArrayList<>();
  private MailServer server;

  @BeforeEach
  void start() {
    server = MailServer.start(folder.resolve("mail"), 0, arrived::add);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aMailIsAFileThatReadsAsItWasSent() throws Exception {
    send("ivy@example.org", "Grüße", "Hallo Ivy\nhttp://localhost/verify?key=a.b-c\n", "<p>Ja</p>");

    var mail = server.mailbox().await("ivy@example.org");

    assertThat(mail.subject()).isEqualTo("Grüße");
    assertThat(mail.text()).contains("Hallo Ivy");
    assertThat(mail.html()).isEqualTo("<p>Ja</p>");
    assertThat(mail.link()).isEqualTo(URI.create("http://localhost/verify?key=a.b-c"));
    assertThat(mail.to()).containsExactly("ivy@example.org");
    assertThat(mail.file()).hasParent(folder.resolve("mail"));
    assertThat(Files.readString(mail.file())).contains("To: ivy@example.org");
    assertThat(arrived).containsExactly(mail);
  }

  @Test
  void mails_areFoundByAddressInOrderOfArrival() throws Exception {
    send("ivy@example.org", "one", "1", "1");
    send("oak@example.org", "two", "2", "2");
    send("Ivy@Example.org", "three", "3", "3");

    assertThat(server.mailbox().to("ivy@example.org"))
        .extracting(Mail::subject)
        .containsExactly("one", "three");
    assertThat(server.mailbox().await("ivy@example.org", 2).subject()).isEqualTo("three");
  }

  @Test
  void mailsOutliveTheServer() throws Exception {
    send("ivy@example.org", "one", "1", "1");
    server.close();
    server = MailServer.start(folder.resolve("mail"), 0, arrived::add);

    assertThat(server.mailbox().to("ivy@example.org")).hasSize(1);
  }

  @Test
  void link_mailWithoutOne_failsWithItsText() throws Exception {
    send("ivy@example.org", "one", "no link", "none");
    var mail = server.mailbox().await("ivy@example.org");

    assertThatThrownBy(mail::link)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("No link");
  }

  @Test
  void whenTheFileCannotBeWritten_thenTheMailIsRejected() throws Exception {
    try (var files = Files.list(folder)) {
      for (var found : files.toList()) {
        Files.delete(found);
      }
    }

    assertThatThrownBy(() -> send("ivy@example.org", "lost", "1", "1"))
        .isInstanceOf(MessagingException.class);
    assertThat(arrived).isEmpty();
  }

  private void send(String to, String subject, String text, String html)
      throws MessagingException, IOException {
    var settings = new Properties();
    settings.setProperty("mail.smtp.host", "127.0.0.1");
    settings.setProperty("mail.smtp.port", Integer.toString(server.port()));
    var message = new MimeMessage(Session.getInstance(settings));
    message.setFrom("garden@example.org");
    message.setRecipients(RecipientType.TO, to);
    message.setSubject(subject, "UTF-8");
    var plain = new MimeBodyPart();
    plain.setText(text, "UTF-8");
    var rich = new MimeBodyPart();
    rich.setText(html, "UTF-8", "html");
    message.setContent(new MimeMultipart("alternative", plain, rich));
    Transport.send(message);
  }
}
