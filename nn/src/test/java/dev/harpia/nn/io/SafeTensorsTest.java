package dev.harpia.nn.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
  @TempDir Path dir;

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("w", Tensor.of(new float[][] {{1, -0f, Float.NaN}, {2, 3, 4}}));
    tensors.put("é \"quoted\"", Tensor.of(new int[] {1, -2, Integer.MIN_VALUE}));
    tensors.put("scalar", Tensor.scalar(7));
    tensors.put("empty", Tensor.zeros(3, 0, 2));
    tensors.put("bn.num_batches_tracked", Tensor.of(new int[] {5}, Shape.of()));
    Path file = dir.resolve("a.safetensors");
    SafeTensors.save(tensors, Map.of("key", "value"), file);
    assertThat(SafeTensors.metadata(file)).isEqualTo(Map.of("key", "value"));
    for (Map<String, Tensor> loaded :
        java.util.List.of(SafeTensors.load(file), SafeTensors.map(file))) {
      assertThat(loaded).containsOnlyKeys(tensors.keySet());
      tensors.forEach(
          (name, t) -> {
            Tensor copy = loaded.getOrDefault(name, Tensor.scalar(0));
            assertThat(copy.shape()).as(name).isEqualTo(t.shape());
            assertThat(copy.type()).as(name).isEqualTo(t.type());
            assertThat(copy.segment().mismatch(t.segment())).as(name).isEqualTo(-1);
          });
    }
    assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("\"dtype\":\"I64\"");
    assertThat(dir.toFile().list()).containsExactly("a.safetensors");
  }

  @Test
  void otherTypesBecomeOurs() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putLong(-3).putShort(Float.floatToFloat16(1.5f)).putShort((short) 0x3FC0);
    data.putShort((short) -4)
        .putShort((short) 0xFFFE)
        .put((byte) -5)
        .put((byte) 0xFB)
        .put((byte) 1);
    data.flip();
    String[] types = {"F64", "I64", "F16", "BF16", "I16", "U16", "I8", "U8", "BOOL"};
    int[] sizes = {8, 8, 2, 2, 2, 2, 1, 1, 1};
    float[] values = {0.1f, -3, 1.5f, 1.5f, -4, 65534, -5, 251, 1};
    StringBuilder header = new StringBuilder("{");
    int at = 0;
    for (int i = 0; i < types.length; i++) {
      header.append(i == 0 ? "" : ",").append(entry("t" + i, types[i], "1", at, at + sizes[i]));
      at += sizes[i];
    }
    Map<String, Tensor> loaded =
        SafeTensors.load(file(header + "}", Arrays.copyOf(data.array(), data.limit())));
    for (int i = 0; i < types.length; i++) {
      assertThat(loaded.get("t" + i).item()).as(types[i]).isEqualTo(values[i]);
    }
  }

  @Test
  void anI64ThatDoesNotFitIsRefused() throws IOException {
    byte[] data =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1).putLong(1L << 31).array();
    Path file = file("{" + entry("t", "I64", "2", 0, 16) + "}", data);
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith("tensor t: an I64 value that does not fit 32 bits");
  }

  @Test
  void lengthsThatLie() throws IOException {
    refused(new byte[0], "byte 0: expected 8 bytes of header length, found 0");
    refused(new byte[7], "byte 0: expected 8 bytes of header length, found 7");
    refused(length(100_000_001), "expected a header length up to 100000000, found 100000001");
    refused(length(-1), "expected a header length up to 100000000, found 18446744073709551615");
    refused(length(5), "a header of 5 bytes is longer than the file's 0 after the length");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{}}",
        "{} x",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"__metadata__\":[]}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"__metadata__\":{\"a\":{}}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0]}}",
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0.5],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0],\"more\":1}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"I32\",\"shape\":[2,18446744073709551614],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"I32\",\"shape\":[2,9223372036854775806],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"I32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,0]}}",
        "{\"a\":[[[[[[[[[]]]]]]]]]}",
        "{\"__metadata__\":{\"a\":[[[[[[[]]]]]]]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000000000000000000000000],\"data_offsets\":[0,0]}}"
      })
  void headersThatBreakARule(String header) throws IOException {
    Path file = file(header, new byte[0]);
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": byte ");
  }

  @Test
  void headersThatAreNotUtf8() throws IOException {
    byte[] bytes = {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xC3, (byte) 0x28};
    refused(bytes, "byte 8: expected a header in UTF-8");
  }

  @Test
  void dataMustBeCoveredOnceAndWhole() throws IOException {
    String a = entry("a", "F32", "1", 0, 4);
    refused(
        bytes("{" + a + "," + entry("b", "F32", "1", 0, 4) + "}", 4),
        "tensor b: expected its data at offset 4");
    refused(
        bytes("{" + a + "," + entry("b", "F32", "1", 8, 12) + "}", 12),
        "tensor b: expected its data at offset 4");
    refused(bytes("{" + a + "}", 5), "expected the end of the file, found 1 bytes more");
    refused(
        bytes("{" + a + "}", 3),
        "tensor a: data_offsets [0, 4] are not inside the 3 bytes of data");
    refused(
        bytes("{" + entry("a", "F32", "2", 0, 4) + "}", 4),
        "tensor a: shape and type need 8 bytes, data_offsets span 4");
    refused(bytes("{}", 1), "expected the end of the file, found 1 bytes more");
  }

  /** The amplification that an audit found: many names for the same bytes. */
  @Test
  void aHundredThousandNamesForOneBlock() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 100_000; i++) {
      header.append(i == 0 ? "" : ",").append(entry("t" + i, "F32", "4", 0, 16));
    }
    refused(bytes(header + "}", 16), "expected its data at offset 16");
  }

  @Test
  void whiteSpaceAroundTheHeaderIsFine() throws IOException {
    assertThat(SafeTensors.load(file("{}   \r\n\t", new byte[0]))).isEmpty();
    Path odd =
        file("{" + entry("a", "F32", "1", 0, 4) + "}  ", new byte[] {0, 0, (byte) 0x80, 0x3F});
    assertThat(SafeTensors.map(odd).get("a").item()).isEqualTo(1f); // wherever the data begins
  }

  /**
   * Any change of one byte gives a FormatException or a file that still obeys the rules; nothing
   * else.
   */
  @Test
  void damagedFilesNeverDoAnythingElse() throws IOException {
    Path good = dir.resolve("good");
    SafeTensors.save(Map.of("w", Tensor.of(1f, 2f, 3f)), Map.of("k", "v"), good);
    byte[] bytes = Files.readAllBytes(good);
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      if (i % 3 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      Path file = Files.write(dir.resolve("damaged"), damaged);
      try {
        SafeTensors.load(file);
      } catch (FormatException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  private static final class Small extends Layer {
    final Tensor weight;

    Small(float... values) {
      weight = parameter("weight", Tensor.of(values));
    }

    @Override
    public Tensor forward(Tensor x) {
      return x;
    }
  }

  @Test
  void layersAreLoadedWholeOrNotAtAll() throws IOException {
    Path file = dir.resolve("layer");
    SafeTensors.save(new Small(1, 2), file);
    Small target = new Small(0, 0);
    SafeTensors.load(file, target);
    assertThat(target.weight.toArray()).containsExactly(1, 2);
    Small mapped = new Small(0, 0);
    SafeTensors.map(file, mapped);
    assertThat(mapped.weight.toArray()).containsExactly(1, 2);
    assertThatThrownBy(() -> SafeTensors.load(file, new Small(1, 2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight: the file has F32 [2], wanted is F32 [3]");
    SafeTensors.save(Map.of("other", Tensor.of(1f)), Map.of(), file);
    assertThatThrownBy(() -> SafeTensors.load(file, target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + ": does not fit the layer Small:\n"
                + "  missing in the file: weight F32 [2]\n"
                + "  unknown: other F32 [1]");
    assertThat(target.weight.toArray()).containsExactly(1, 2);
  }

  private void refused(byte[] content, String reason) throws IOException {
    Path file = Files.write(dir.resolve("bad"), content);
    assertThatThrownBy(() -> SafeTensors.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(reason);
  }

  private static String entry(String name, String type, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
        .formatted(name, type, shape, begin, end);
  }

  private static byte[] length(long n) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(n).array();
  }

  private static byte[] bytes(String header, int data) {
    byte[] text = header.getBytes(UTF_8);
    return ByteBuffer.allocate(8 + text.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return Files.write(dir.resolve("file"), all.putLong(text.length).put(text).put(data).array());
  }
}
