package dev.harpia.nn.io.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.harpia.nn.io.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The fields of nested messages, read in order, with every fault reported at its byte. What is
 * allocated is bounded by the bytes that are left and by a number of messages.
 */
final class Fields {
  /** Reads the fields of one message. */
  @FunctionalInterface
  interface Body {
    /** Reads the field whose tag was just read, or skips it. */
    void field(int number) throws IOException;
  }

  /** A value that is read from a field. */
  @FunctionalInterface
  private interface Read<T> {
    T get() throws IOException;
  }

  private static final int MOST_MESSAGES = 2_000_000;
  private static final int DEEPEST = 24;
  private static final int LONGEST_TEXT = 1 << 20;

  final Path file;
  private final byte[] bytes;
  private final CodedInputStream in;
  private int tag;
  private int depth;
  private int messages;

  private Fields(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
    this.in = CodedInputStream.newInstance(bytes);
  }

  static Fields of(Path file) throws IOException {
    long size = Files.size(file);
    if (size > Integer.MAX_VALUE - 8) {
      throw new FormatException(
          file, 0, "expected at most 2 GiB, as the format has it, found " + size + " bytes");
    }
    if (size == 0) {
      throw new FormatException(file, 0, "expected a model, found an empty file");
    }
    return new Fields(file, Files.readAllBytes(file));
  }

  long offset() {
    return in.getTotalBytesRead();
  }

  long size() {
    return bytes.length;
  }

  FormatException fault(String expected) {
    return new FormatException(file, offset(), expected);
  }

  private <T> T read(Read<T> read) throws IOException {
    try {
      return read.get();
    } catch (InvalidProtocolBufferException e) {
      throw new FormatException(
          file, offset(), "expected a field of a protocol buffer: " + e.getMessage(), e);
    }
  }

  /** All fields of the outermost message. */
  void message(Body body) throws IOException {
    if (++messages > MOST_MESSAGES) {
      throw fault("expected at most " + MOST_MESSAGES + " messages");
    }
    while (true) {
      tag = read(in::readTag);
      if (tag == 0) {
        return;
      }
      body.field(WireFormat.getTagFieldNumber(tag));
    }
  }

  /** All fields of a message inside the present field. */
  void nested(Body body) throws IOException {
    int n = length();
    if (++depth > DEEPEST) {
      throw fault("expected messages nested at most " + DEEPEST + " deep");
    }
    int outer = tag;
    int limit = read(() -> in.pushLimit(n));
    message(body);
    in.popLimit(limit);
    tag = outer;
    depth--;
  }

  private void wire(int type, String what) throws FormatException {
    if (WireFormat.getTagWireType(tag) != type) {
      throw fault(
          "expected "
              + what
              + " in field "
              + WireFormat.getTagFieldNumber(tag)
              + ", found wire type "
              + WireFormat.getTagWireType(tag));
    }
  }

  private int length() throws IOException {
    wire(WireFormat.WIRETYPE_LENGTH_DELIMITED, "bytes with a length");
    int n = read(in::readRawVarint32);
    int limit = in.getBytesUntilLimit();
    long left = limit >= 0 ? limit : bytes.length - offset();
    if (n < 0 || n > left) {
      throw fault("expected at most " + left + " bytes, found a length of " + (n & 0xFFFFFFFFL));
    }
    return n;
  }

  boolean packed() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  long integer() throws IOException {
    wire(WireFormat.WIRETYPE_VARINT, "an integer");
    return read(in::readInt64);
  }

  float number() throws IOException {
    wire(WireFormat.WIRETYPE_FIXED32, "a float");
    return read(in::readFloat);
  }

  double wide() throws IOException {
    wire(WireFormat.WIRETYPE_FIXED64, "a double");
    return read(in::readDouble);
  }

  String text() throws IOException {
    int n = length();
    if (n > LONGEST_TEXT) {
      throw fault("expected a text of at most " + LONGEST_TEXT + " bytes, found " + n);
    }
    int at = Math.toIntExact(offset());
    read(() -> skip(n));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, n)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(file, at, "expected a text in UTF-8", e);
    }
  }

  /** The bytes of the present field, without a copy. */
  ByteBuffer raw() throws IOException {
    int n = length();
    int at = Math.toIntExact(offset());
    read(() -> skip(n));
    return ByteBuffer.wrap(bytes, at, n).slice();
  }

  private Boolean skip(int n) throws IOException {
    in.skipRawBytes(n);
    return true;
  }

  /** Reads integers, packed or one at a time. */
  void integers(Numbers to) throws IOException {
    if (packed()) {
      int n = length();
      int limit = read(() -> in.pushLimit(n));
      while (in.getBytesUntilLimit() > 0) {
        to.add(read(in::readInt64));
      }
      in.popLimit(limit);
    } else {
      to.add(integer());
    }
  }

  /** Reads floats or doubles, packed or one at a time, as their bits. */
  void fixed(Numbers to, boolean wide) throws IOException {
    if (packed()) {
      int n = length();
      if (n % (wide ? 8 : 4) != 0) {
        throw fault("expected whole numbers of " + (wide ? 8 : 4) + " bytes, found " + n);
      }
      for (int i = 0; i < n; i += wide ? 8 : 4) {
        to.add(wide ? read(in::readRawLittleEndian64) : read(in::readRawLittleEndian32));
      }
    } else if (wide) {
      to.add(Double.doubleToRawLongBits(wide()));
    } else {
      to.add(Float.floatToRawIntBits(number()));
    }
  }

  /** Passes over the present field. */
  void skip() throws IOException {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> integer();
      case WireFormat.WIRETYPE_FIXED32 -> number();
      case WireFormat.WIRETYPE_FIXED64 -> wide();
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
        int n = length();
        read(() -> skip(n));
      }
      default -> throw fault("expected a field, found wire type " + WireFormat.getTagWireType(tag));
    }
  }
}
