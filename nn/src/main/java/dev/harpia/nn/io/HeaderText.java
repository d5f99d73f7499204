package dev.harpia.nn.io;

import java.nio.file.Path;

/**
 * Reads the JSON of a safetensors header: objects, lists, texts and whole numbers, all that one may
 * hold. A general parser is a hundred classes, which take longer to load than a small model.
 */
final class HeaderText {
  private static final int MOST_DIGITS = 19;

  private final Path file;
  private final String text;
  private int at;

  HeaderText(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /** Takes the bracket that opens an object or a list; whether there is something in it. */
  boolean open(char bracket, String what) throws FormatException {
    if (!take(bracket)) {
      throw fault("expected " + what);
    }
    return !take(closing(bracket));
  }

  /** After a member: whether there is another one. */
  boolean more(char bracket) throws FormatException {
    if (take(',')) {
      return true;
    }
    if (!take(closing(bracket))) {
      throw fault("expected JSON: a comma or " + closing(bracket));
    }
    return false;
  }

  private static char closing(char bracket) {
    return bracket == '{' ? '}' : ']';
  }

  /** A member's name and the colon. */
  String name() throws FormatException {
    String name = string("JSON: a name");
    if (!take(':')) {
      throw fault("expected JSON: a colon after " + name);
    }
    return name;
  }

  /** A text. */
  String string(String what) throws FormatException {
    if (!take('"')) {
      throw fault("expected " + what);
    }
    int from = at;
    while (at < text.length() && text.charAt(at) >= ' ' && text.charAt(at) != '\\') {
      if (text.charAt(at) == '"') {
        return text.substring(from, at++);
      }
      at++;
    }
    return escaped(new StringBuilder(text.substring(from, at)));
  }

  private String escaped(StringBuilder result) throws FormatException {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return result.toString();
      }
      if (c < ' ') {
        at--;
        throw fault("expected JSON: a control character in a text must be escaped");
      }
      result.append(c == '\\' ? escape() : c);
    }
    throw fault("expected JSON: a text does not end");
  }

  private char escape() throws FormatException {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw fault("expected JSON: an unknown escape in a text");
    };
  }

  private char unicode() throws FormatException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0 || text.charAt(at) > 'f') {
        throw fault("expected JSON: four hexadecimal digits");
      }
      code = 16 * code + digit;
      at++;
    }
    return (char) code;
  }

  /** A whole number from 0 to 2^63 − 1; −1 if there is something else. */
  long number() {
    skipSpace();
    int from = at;
    long value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = 10 * value + (text.charAt(at) - '0');
      at++;
    }
    int digits = at - from;
    boolean zeros = digits > 1 && text.charAt(from) == '0';
    boolean large = digits > MOST_DIGITS || value < 0; // 19 digits overflow at most once
    boolean fraction = at < text.length() && ".eE".indexOf(text.charAt(at)) >= 0;
    return digits == 0 || zeros || large || fraction ? -1 : value;
  }

  /** Nothing but space may follow. */
  void end() throws FormatException {
    skipSpace();
    if (at < text.length()) {
      throw fault("expected the end of the header after its object");
    }
  }

  private boolean take(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** What is wrong here. */
  FormatException fault(String what) {
    return new FormatException(file, 8L + at, what);
  }
}
