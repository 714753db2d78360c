/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A set of texts with 18 bits each, without false negatives and with a false-positive rate of 1 in
 * 65,536: a binary fuse filter with fingerprints of 16 bits (Graf and Lemire, 2022). Each text has
 * three positions; the exclusive or of their values is its fingerprint. Immutable.
 */
final class FuseFilter {
  /** False-positive rate. */
  static final double ERROR_RATE = 1.0 / 65_536;

  private static final int MAGIC = 0x524c4b46; // "RLKF"
  private static final int VERSION = 1;
  private static final int HEADER = 4 * Integer.BYTES + Long.BYTES + Integer.BYTES;
  private static final int MAX_SEEDS = 100;
  private static final int MAX_SEGMENT_LENGTH = 1 << 18;

  private final int size;
  private final long seed;
  private final int segmentLength;
  private final int segmentCount;
  private final ByteBuffer fingerprints;

  private FuseFilter(
      int size, long seed, int segmentLength, int segmentCount, ByteBuffer fingerprints) {
    this.size = size;
    this.seed = seed;
    this.segmentLength = segmentLength;
    this.segmentCount = segmentCount;
    this.fingerprints = fingerprints;
  }

  /**
   * Builds a filter; the same texts give the same bytes.
   *
   * @param keys {@link #key} of each text
   */
  static FuseFilter build(long[] keys) {
    var distinct = Arrays.stream(keys).sorted().distinct().toArray();
    var n = Math.max(distinct.length, 2);
    var length =
        Math.min(MAX_SEGMENT_LENGTH, 1 << (int) Math.floor(Math.log(n) / Math.log(3.33) + 2.25));
    var spare = Math.max(1.125, 0.875 + 0.25 * Math.log(1_000_000) / Math.log(n));
    var count = Math.max(1, (int) Math.ceil(n * spare / length) - 2);
    for (var attempt = 0; attempt < MAX_SEEDS; attempt++) {
      var places = ByteBuffer.allocate((count + 2) * length * Short.BYTES);
      var filter = new FuseFilter(distinct.length, mix(attempt), length, count, places);
      if (filter.fill(distinct)) {
        return filter;
      }
    }
    throw new IllegalStateException("No seed found");
  }

  /**
   * Reads the format of {@link #toBytes}.
   *
   * @throws IllegalArgumentException if the format is invalid, or the file truncated
   */
  static FuseFilter of(ByteBuffer file) {
    var in = file.duplicate();
    if (in.remaining() < HEADER || in.getInt() != MAGIC || in.getInt() != VERSION) {
      throw new IllegalArgumentException("is not a filter of a supported version");
    }
    var size = in.getInt();
    var seed = in.getLong();
    var length = in.getInt();
    var count = in.getInt();
    if (length < 1
        || Integer.bitCount(length) != 1
        || count < 1
        || in.remaining() != (count + 2L) * length * Short.BYTES) {
      throw new IllegalArgumentException("is truncated or damaged");
    }
    return new FuseFilter(size, seed, length, count, in.slice());
  }

  /** Maps a file into memory; only the accessed pages are loaded. */
  static FuseFilter map(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  /** Returns whether a file begins with the magic number of a filter. */
  static boolean isFilter(ByteBuffer start) {
    return start.remaining() >= Integer.BYTES && start.getInt(start.position()) == MAGIC;
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(HEADER + fingerprints.capacity())
        .putInt(MAGIC)
        .putInt(VERSION)
        .putInt(size)
        .putLong(seed)
        .putInt(segmentLength)
        .putInt(segmentCount)
        .put(fingerprints.duplicate().rewind())
        .array();
  }

  /** Returns the number of texts in the set. */
  int size() {
    return size;
  }

  boolean contains(String text) {
    return contains(key(text));
  }

  boolean contains(long key) {
    var hash = mix(key ^ seed);
    var first = first(hash);
    return fingerprint(hash)
        == (short) (at(first) ^ at(second(hash, first)) ^ at(third(hash, first)));
  }

  /** Returns the 64-bit key of a text. */
  static long key(String text) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
          .getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /**
   * Searches an order in which each key has a position that no later key uses; then sets each such
   * position, from the last key to the first, to the missing part of the key's fingerprint.
   *
   * @return false if there is no such order for this seed
   */
  private boolean fill(long[] keys) {
    var places = (segmentCount + 2) * segmentLength;
    var users = new int[places];
    var hashes = new long[places];
    for (var key : keys) {
      var hash = mix(key ^ seed);
      touch(users, hashes, hash, 1);
    }
    var alone = new int[places];
    var waiting = 0;
    for (var place = 0; place < places; place++) {
      if (users[place] == 1) {
        alone[waiting++] = place;
      }
    }
    var order = new long[keys.length];
    var own = new int[keys.length];
    var found = 0;
    while (waiting > 0) {
      var place = alone[--waiting];
      if (users[place] != 1) {
        continue;
      }
      var hash = hashes[place];
      order[found] = hash;
      own[found++] = place;
      touch(users, hashes, hash, -1);
      for (var other : places(hash)) {
        if (users[other] == 1) {
          alone[waiting++] = other;
        }
      }
    }
    if (found < keys.length) {
      return false;
    }
    for (var i = found - 1; i >= 0; i--) {
      var value = fingerprint(order[i]);
      for (var place : places(order[i])) {
        if (place != own[i]) {
          value ^= at(place);
        }
      }
      fingerprints.putShort(own[i] * Short.BYTES, value);
    }
    return true;
  }

  private void touch(int[] users, long[] hashes, long hash, int change) {
    for (var place : places(hash)) {
      users[place] += change;
      hashes[place] ^= hash;
    }
  }

  private int[] places(long hash) {
    var first = first(hash);
    return new int[] {first, second(hash, first), third(hash, first)};
  }

  /** Returns the high half of an unsigned product: the position of a segment without a division. */
  private int first(long hash) {
    var range = (long) segmentCount * segmentLength;
    return (int) (Math.multiplyHigh(hash, range) + ((hash >> 63) & range));
  }

  private int second(long hash, int first) {
    return (first + segmentLength) ^ ((int) (hash >>> 18) & (segmentLength - 1));
  }

  private int third(long hash, int first) {
    return (first + 2 * segmentLength) ^ ((int) hash & (segmentLength - 1));
  }

  private short at(int place) {
    return fingerprints.getShort(place * Short.BYTES);
  }

  private static short fingerprint(long hash) {
    return (short) (hash ^ (hash >>> 32));
  }

  /** Applies the finalizer of MurmurHash3: every bit of the key affects every bit of the hash. */
  private static long mix(long value) {
    var h = value + 0x9e3779b97f4a7c15L;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
