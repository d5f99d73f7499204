package dev.harpia.nn.io;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an npy file says about its array: a Python dictionary of three keys, of which exactly the
 * forms that NumPy writes are understood.
 *
 * @param type the elements
 * @param bigEndian whether their first byte is the highest
 * @param fortran whether the first index runs fastest
 */
record NpyHeader(SafeTensorsType type, boolean bigEndian, boolean fortran, int[] shape) {
  private static final int MAX_RANK = 64;

  /** Bytes of the array. */
  long bytes() {
    long n = type.bytes;
    for (int d : shape) {
      n *= d; // checked by the parser
    }
    return n;
  }

  static NpyHeader parse(Path file, long offset, byte[] bytes) throws FormatException {
    return new Parser(file, offset, new String(bytes, StandardCharsets.ISO_8859_1)).header();
  }

  private static final class Parser {
    private final Path file;
    private final long offset;
    private final String text;
    private int at;

    Parser(Path file, long offset, String text) {
      this.file = file;
      this.offset = offset;
      this.text = text;
    }

    NpyHeader header() throws FormatException {
      String descr = "";
      String order = "";
      List<Integer> shape = List.of();
      Set<String> seen = new HashSet<>();
      expect('{');
      while (!take('}')) {
        String key = string();
        if (!seen.add(key)) {
          throw fault("key '" + key + "' is there twice");
        }
        expect(':');
        switch (key) {
          case "descr" -> descr = string();
          case "fortran_order" -> order = word();
          case "shape" -> shape = tuple();
          default -> throw fault("unknown key '" + key + "'");
        }
        if (!take(',')) {
          expect('}');
          break;
        }
      }
      skip();
      if (at < text.length()) {
        throw fault("expected the end of the header");
      }
      if (seen.size() != 3 || !order.equals("True") && !order.equals("False")) {
        throw fault("expected descr, fortran_order (True or False) and shape");
      }
      return make(descr, order.equals("True"), shape);
    }

    private NpyHeader make(String descr, boolean fortran, List<Integer> shape)
        throws FormatException {
      boolean big = descr.startsWith(">");
      boolean known = big || descr.startsWith("<") || descr.startsWith("|");
      SafeTensorsType type =
          switch (known ? descr.substring(1) : "") {
            case "f4" -> SafeTensorsType.F32;
            case "f8" -> SafeTensorsType.F64;
            case "f2" -> SafeTensorsType.F16;
            case "i8" -> SafeTensorsType.I64;
            case "i4" -> SafeTensorsType.I32;
            case "i2" -> SafeTensorsType.I16;
            case "u2" -> SafeTensorsType.U16;
            case "i1" -> SafeTensorsType.I8;
            case "u1" -> SafeTensorsType.U8;
            case "b1" -> SafeTensorsType.BOOL;
            default -> throw fault("type '" + descr + "' is not supported");
          };
      int[] dims = shape.stream().mapToInt(Integer::intValue).toArray();
      try {
        // A zero hides an overflow of the others, which then would still be a wrong shape.
        long n = type.bytes;
        for (int d : dims) {
          n = Math.multiplyExact(n, Math.max(1, d));
        }
      } catch (ArithmeticException e) {
        throw fault("the shape " + shape + " overflows");
      }
      return new NpyHeader(type, big, fortran, dims);
    }

    private List<Integer> tuple() throws FormatException {
      List<Integer> numbers = new ArrayList<>();
      expect('(');
      while (!take(')')) {
        String digits = word();
        boolean plain = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!plain || digits.length() > 10 || Long.parseLong(digits) > Integer.MAX_VALUE) {
          throw fault("expected a dimension from 0 to 2147483647, found '" + digits + "'");
        }
        if (numbers.size() == MAX_RANK) {
          throw fault("more than " + MAX_RANK + " dimensions");
        }
        numbers.add(Integer.parseInt(digits));
        if (!take(',')) {
          expect(')');
          break;
        }
      }
      return numbers;
    }

    private String string() throws FormatException {
      expect('\'');
      int end = text.indexOf('\'', at);
      if (end < 0) {
        throw fault("a text without end");
      }
      String s = text.substring(at, end);
      at = end + 1;
      return s;
    }

    private String word() {
      skip();
      int start = at;
      while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at);
    }

    private void skip() {
      while (at < text.length() && " \n\t".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private boolean take(char c) {
      skip();
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    private void expect(char c) throws FormatException {
      if (!take(c)) {
        throw fault("expected " + c);
      }
    }

    private FormatException fault(String what) {
      return new FormatException(file, offset + at, "npy header: " + what);
    }
  }
}
