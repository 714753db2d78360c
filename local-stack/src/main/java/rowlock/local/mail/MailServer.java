/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * Accepts mails (SMTP, RFC 5321) on the loopback address and delivers none. Each mail becomes a
 * file {@code <time>-<number>.eml} (RFC 5322) in a folder; the names sort in the order of arrival.
 * The server runs in this JVM and ends with it. Thread-safe.
 */
public final class MailServer implements AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MAX_BYTES = 10 << 20;
  private static final int SERVER_CANNOT = 451;

  private final Path folder;
  private final Consumer<Mail> arrivals;
  private final SMTPServer server;
  private final Mailbox mailbox;
  private final AtomicInteger count = new AtomicInteger();

  private MailServer(Path folder, int port, Consumer<Mail> arrivals) {
    this.folder = folder;
    this.arrivals = arrivals;
    this.mailbox = new Mailbox(folder);
    this.server =
        SMTPServer.port(port)
            .bindAddress(InetAddress.getLoopbackAddress())
            .softwareName("Rowlock local mail")
            .maxMessageSize(MAX_BYTES)
            // the file contains the mail as it was sent
            .insertReceivedHeaders(false)
            .messageHandler(this::keep)
            .build();
  }

  /**
   * Starts a server.
   *
   * @param folder for the mails, created if it does not exist; existing mails are kept
   * @param port to listen on, 0 for a free one
   * @param arrivals called for each mail once its file is complete
   * @throws UncheckedIOException if the folder cannot be created
   */
  public static MailServer start(Path folder, int port, Consumer<Mail> arrivals) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var started = new MailServer(folder, port, arrivals);
    started.server.start();
    return started;
  }

  /** Returns the port on 127.0.0.1. */
  public int port() {
    return server.getPortAllocated();
  }

  /** Returns the mailbox of all mails in the folder, including those that arrive later. */
  public Mailbox mailbox() {
    return mailbox;
  }

  /** Stops listening; the files stay. */
  @Override
  public void close() {
    server.stop();
  }

  private void keep(MessageContext context, String from, String to, byte[] content)
      throws RejectException {
    var name =
        TIME.format(Clock.systemUTC().instant()) + "-%04d".formatted(count.incrementAndGet());
    var file = folder.resolve(name + ".eml");
    try {
      // readers of *.eml must not see an incomplete mail
      var unfinished = Files.write(folder.resolve("." + name + ".part"), content);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new RejectException(SERVER_CANNOT, "Writing failed: " + file);
    }
    arrivals.accept(Mail.read(file));
  }
}
