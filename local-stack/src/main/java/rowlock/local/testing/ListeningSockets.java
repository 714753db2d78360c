/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the TCP sockets that processes of this Linux machine listen on from the kernel. */
public final class ListeningSockets {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String LISTEN = "0A";
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final int HEXADECIMAL = 16;

  private ListeningSockets() {}

  /**
   * Returns the addresses that these processes and their descendants listen on.
   *
   * @throws IOException if {@code /proc} cannot be read, as on other systems than Linux
   */
  public static Set<InetSocketAddress> of(Collection<ProcessHandle> processes) throws IOException {
    var byInode = new HashMap<String, InetSocketAddress>();
    for (var table : TABLES) {
      if (Files.exists(table)) {
        byInode.putAll(listening(table));
      }
    }
    if (byInode.isEmpty()) {
      throw new NoSuchFileException(TABLES.getFirst().toString());
    }
    var found = new HashSet<InetSocketAddress>();
    var all = processes.stream().flatMap(one -> Stream.concat(Stream.of(one), one.descendants()));
    for (var process : all.distinct().toList()) {
      for (var inode : sockets(process.pid())) {
        if (byInode.containsKey(inode)) {
          found.add(byInode.get(inode));
        }
      }
    }
    return found;
  }

  private static Map<String, InetSocketAddress> listening(Path table) throws IOException {
    var found = new HashMap<String, InetSocketAddress>();
    for (var line : Files.readAllLines(table)) {
      var columns = line.strip().split("\\s+");
      if (columns.length > INODE && columns[STATE].equals(LISTEN)) {
        found.put(columns[INODE], address(columns[LOCAL_ADDRESS]));
      }
    }
    return found;
  }

  /** The kernel prints an address as words of 32 bits in the byte order of the machine. */
  private static InetSocketAddress address(String column) throws UnknownHostException {
    var separator = column.indexOf(':');
    var words = ByteBuffer.wrap(HexFormat.of().parseHex(column.substring(0, separator)));
    var bytes = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      bytes.putInt(words.getInt());
    }
    return new InetSocketAddress(
        InetAddress.getByAddress(bytes.array()),
        Integer.parseInt(column.substring(separator + 1), HEXADECIMAL));
  }

  private static List<String> sockets(long pid) throws IOException {
    var inodes = new ArrayList<String>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (var descriptor : descriptors) {
        try {
          var target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(target.substring("socket:[".length(), target.length() - 1));
          }
        } catch (NoSuchFileException e) {
          // closed since the folder was read
        }
      }
    } catch (NoSuchFileException e) {
      // ended since the processes were listed
    }
    return inodes;
  }
}
