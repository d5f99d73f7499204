package dev.harpia.models.rl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A recorded episode, in double precision, which the library's own reader rounds to single. */
record Trajectory(Map<String, double[][]> tensors, int steps) {
  private static final Pattern FIELD =
      Pattern.compile("\"(\\w+)\"\\s*:\\s*\\{([^{}]*\"data_offsets\"[^{}]*)\\}");
  private static final Pattern TYPE = Pattern.compile("\"dtype\"\\s*:\\s*\"(\\w+)\"");
  private static final Pattern SHAPE = Pattern.compile("\"shape\"\\s*:\\s*\\[([^\\]]*)\\]");
  private static final Pattern PLACE =
      Pattern.compile("\"data_offsets\"\\s*:\\s*\\[\\s*(\\d+)\\s*,\\s*(\\d+)");

  double[] row(String name, int t) {
    double[][] rows = tensors.get(name);
    if (rows == null) {
      throw new IllegalArgumentException("no tensor " + name + " in " + tensors.keySet());
    }
    return rows[t];
  }

  boolean flag(String name, int t) {
    return row(name, t)[0] != 0;
  }

  static Trajectory read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    int data = bytes.position();
    Map<String, double[][]> tensors = new HashMap<>();
    for (MatchResult field :
        FIELD.matcher(new String(header, StandardCharsets.UTF_8)).results().toList()) {
      String text = field.group(2);
      int rows = Integer.parseInt(one(SHAPE, text).group(1).split(",", -1)[0].strip());
      MatchResult place = one(PLACE, text);
      int from = data + Integer.parseInt(place.group(1));
      int to = data + Integer.parseInt(place.group(2));
      String type = one(TYPE, text).group(1);
      int size = type.equals("BOOL") ? 1 : type.equals("F32") ? 4 : 8;
      int columns = (to - from) / size / rows;
      double[][] values = new double[rows][columns];
      for (int i = 0; i < rows * columns; i++) {
        values[i / columns][i % columns] = value(bytes, type, from + i * size);
      }
      tensors.put(field.group(1), values);
    }
    double[][] actions = tensors.get("action");
    if (actions == null) {
      throw new IOException(file + ": no actions, only " + tensors.keySet());
    }
    return new Trajectory(tensors, actions.length);
  }

  private static double value(ByteBuffer bytes, String type, int at) {
    return switch (type) {
      case "BOOL" -> bytes.get(at);
      case "F32" -> bytes.getFloat(at);
      case "F64" -> bytes.getDouble(at);
      case "I64" -> bytes.getLong(at);
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static MatchResult one(Pattern pattern, String text) {
    Matcher m = pattern.matcher(text);
    if (!m.find()) {
      throw new IllegalArgumentException(pattern + " is not in " + text);
    }
    return m.toMatchResult();
  }
}
