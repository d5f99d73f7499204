package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 over texts and tensors, in the order of their names. */
final class Checksum {
  /** Where a checkpoint keeps it; the only text that it does not cover. */
  static final String KEY = "sha256";

  private static final int CHUNK = 1 << 20;

  private Checksum() {}

  static String of(Map<String, Tensor> tensors, Map<String, String> texts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    new TreeMap<>(texts)
        .forEach(
            (key, value) -> {
              if (!key.equals(KEY)) {
                text(digest, key);
                text(digest, value);
              }
            });
    new TreeMap<>(tensors)
        .forEach(
            (name, t) -> {
              text(digest, name);
              text(digest, t.type() + " " + t.shape());
              MemorySegment data = t.segment();
              for (long at = 0; at < data.byteSize(); at += CHUNK) {
                long n = Math.min(CHUNK, data.byteSize() - at);
                digest.update(data.asSlice(at, n).asByteBuffer());
              }
              Reference.reachabilityFence(t);
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With its length, so that no two lists of texts look alike. */
  private static void text(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }
}
