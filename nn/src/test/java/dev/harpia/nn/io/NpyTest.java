package dev.harpia.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  @TempDir Path dir;

  /** A file as NumPy writes it. */
  static byte[] npy(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer b =
        ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    b.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    b.put((byte) version).put((byte) 0);
    if (version == 1) {
      b.putShort((short) text.length);
    } else {
      b.putInt(text.length);
    }
    b.put(text).put(data);
    return java.util.Arrays.copyOf(b.array(), b.position());
  }

  private static String header(String descr, boolean fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
        .formatted(descr, fortran ? "True" : "False", shape);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(dir.resolve("a.npy"), bytes);
  }

  @Test
  void whatIsSavedIsLoadedAndReadsAsNumPyWrites() throws IOException {
    List<Tensor> all =
        List.of(
            Tensor.of(new float[][] {{1, -0f, Float.NaN}, {2, 3, 4}}),
            Tensor.of(1, -2, Integer.MIN_VALUE),
            Tensor.scalar(7),
            Tensor.zeros(3, 0, 2),
            Tensor.uniform(100, 300));
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (Tensor t : all) {
      Path file = dir.resolve("t.npy");
      Npy.save(t, file);
      assertSame(Npy.load(file), t);
      named.put("t " + named.size(), t);
    }
    Npy.save(Tensor.of(1f, 2f, 3f), dir.resolve("v.npy"));
    byte[] bytes = Files.readAllBytes(dir.resolve("v.npy"));
    assertThat(bytes).hasSize(128 + 12);
    assertThat(new String(bytes, 6, 122, StandardCharsets.ISO_8859_1))
        .startsWith("\1\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }  ")
        .endsWith(" \n");
    Path npz = dir.resolve("all.npz");
    Npz.save(named, npz);
    Map<String, Tensor> loaded = Npz.load(npz);
    assertThat(loaded.keySet()).containsExactlyElementsOf(named.keySet());
    loaded.forEach((name, t) -> assertSame(t, named.getOrDefault(name, t)));
    byte[] first = Files.readAllBytes(npz);
    Npz.save(named, npz);
    assertThat(Files.readAllBytes(npz)).as("the same arrays, the same bytes").isEqualTo(first);
  }

  private static void assertSame(Tensor a, Tensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    assertThat(a.type()).isEqualTo(b.type());
    assertThat(a.segment().mismatch(b.segment())).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({
    "f4,0000C03F,1.5",
    "f8,000000000000F83F,1.5",
    "f2,003E,1.5",
    "i4,FDFFFFFF,-3",
    "i8,FDFFFFFFFFFFFFFF,-3",
    "i2,FDFF,-3",
    "u2,FDFF,65533",
    "i1,FD,-3",
    "u1,FD,253",
    "b1,01,1"
  })
  void allTypesInBothByteOrders(String type, String hex, float value) throws IOException {
    byte[] little = java.util.HexFormat.of().parseHex(hex);
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[big.length - 1 - i];
    }
    for (int version = 1; version <= 3; version++) {
      Path a = file(npy(version, header("<" + type, false, "(1,)"), little));
      Tensor t = Npy.load(a);
      assertThat(t.item()).isEqualTo(value);
      assertThat(t.type()).isEqualTo(type.startsWith("f") ? DType.F32 : DType.I32);
      Path b = file(npy(version, header(">" + type, false, "()"), big));
      assertThat(Npy.load(b).item()).isEqualTo(value);
      assertThat(Npy.load(b).shape()).isEqualTo(Shape.SCALAR);
    }
  }

  @Test
  void fortransOrderIsTurned() throws IOException {
    // [[0, 1, 2], [3, 4, 5]], columns first
    byte[] data = {0, 3, 1, 4, 2, 5};
    Tensor t = Npy.load(file(npy(1, header("|u1", true, "(2, 3)"), data)));
    assertThat(t.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(t.toIntArray()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(Npy.load(file(npy(1, header("|u1", true, "(6,)"), data))).toIntArray())
        .containsExactly(0, 3, 1, 4, 2, 5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, )",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647,"
            + " 0)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<U4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f4",
        "__import__('os')"
      })
  void headersThatBreakARule(String header) throws IOException {
    Path file = file(npy(1, header, new byte[4]));
    assertThatThrownBy(() -> Npy.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": byte ");
  }

  @Test
  void lengthsAndMagicThatLie() throws IOException {
    String one = header("<f4", false, "(1,)");
    refused("not numpy".getBytes(StandardCharsets.US_ASCII), "byte 0: expected the magic number");
    refused(npy(4, one, new byte[4]), "byte 6: expected version 1.0 to 3.0, found 4.0");
    byte[] huge = npy(2, one, new byte[4]);
    huge[11] = 0x7F;
    refused(huge, "byte 8: a header of 2130706");
    refused(npy(1, one, new byte[5]), "expected the end of the array, found more bytes");
    refused(npy(1, one, new byte[3]), "the shape needs 4 bytes, at most 3 follow");
    byte[] wide =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1).putLong(1L << 31).array();
    refused(npy(1, header("<i8", false, "(2,)"), wide), "that does not fit 32 bits");
  }

  private void refused(byte[] bytes, String reason) throws IOException {
    Path file = file(bytes);
    assertThatThrownBy(() -> Npy.load(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(reason);
  }

  private Path zip(String... namesAndHeaders) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndHeaders.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndHeaders[i]));
        zip.write(npy(1, namesAndHeaders[i + 1], new byte[1 << 20]));
        zip.closeEntry();
      }
    }
    return Files.write(dir.resolve("a.npz"), bytes.toByteArray());
  }

  @Test
  void bombsAndOtherArchives() throws IOException {
    String real = header("<f4", false, "(262144,)");
    Path ok = zip("x.npy", real, "y.npy", real);
    assertThat(Npz.load(ok)).containsOnlyKeys("x", "y");
    assertThatThrownBy(() -> Npz.load(ok, 3 << 19))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("entry \"y.npy\" of 1048649 bytes: the limit leaves 524288");
    // A shape that the packed bytes cannot hold is refused before memory is taken for it.
    Path lie = zip("x.npy", header("<f4", false, "(1000000000,)"));
    assertThatThrownBy(() -> Npz.load(lie))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("the shape needs 4000000000 bytes, at most ");
    Path other = zip("evil.txt", real);
    assertThatThrownBy(() -> Npz.load(other)).hasMessageContaining("found \"evil.txt\"");
    Path outside = zip("../../evil.npy", real);
    assertThat(Npz.load(outside)).containsOnlyKeys("../../evil"); // a name; nothing is unpacked
    Path none = Files.write(dir.resolve("none.npz"), new byte[10]);
    assertThatThrownBy(() -> Npz.load(none))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("damaged zip file");
  }
}
