package dev.harpia.models.serve;

import dev.harpia.nn.data.Csv;
import dev.harpia.nn.data.CsvTable;
import dev.harpia.nn.data.Images;
import dev.harpia.nn.io.Npy;
import dev.harpia.nn.io.Npz;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values for a model's inputs, from files: npy, csv and pictures hold one, npz and safetensors one
 * for each name.
 *
 * @param mean what is taken from the values of pictures, which are from 0 to 1
 * @param deviation what they are then divided by
 */
public record InputFiles(List<Port> ports, float mean, float deviation) {
  private static final String PREFIX = "in.";

  /**
   * Reads values.
   *
   * @param files each {@code FILE} or {@code INPUT=FILE}
   */
  public Map<String, Tensor> read(List<String> files) throws IOException {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (String text : files) {
      int at = text.indexOf('=');
      String name = at < 0 ? "" : text.substring(0, at);
      Path file = Path.of(text.substring(at + 1));
      Map<String, Tensor> found = named(file);
      if (found.isEmpty()) {
        Port port = port(name, file);
        put(values, port, single(file, port));
      } else if (!name.isEmpty()) {
        Tensor t = found.get(name);
        put(values, port(name, file), t == null && found.size() == 1 ? only(found) : t, file);
      } else if (found.size() == 1 && ports.size() == 1) {
        put(values, ports.getFirst(), only(found));
      } else {
        takeNamed(values, found, file);
      }
    }
    for (Port port : ports) {
      if (!values.containsKey(port.name())) {
        throw new IllegalArgumentException(
            "no value for the input " + port + ": --input " + port.name() + "=FILE");
      }
    }
    return values;
  }

  private static Tensor only(Map<String, Tensor> found) {
    return found.values().iterator().next();
  }

  private void takeNamed(Map<String, Tensor> values, Map<String, Tensor> found, Path file) {
    boolean some = false;
    for (Port port : ports) {
      Tensor t = found.getOrDefault(PREFIX + port.name(), found.get(port.name()));
      if (t != null) {
        put(values, port, t);
        some = true;
      }
    }
    if (!some) {
      throw new IllegalArgumentException(
          file + ": holds " + found.keySet() + "; the model's inputs are " + names());
    }
  }

  private List<String> names() {
    return ports.stream().map(Port::name).toList();
  }

  private Port port(String name, Path file) {
    if (name.isEmpty()) {
      if (ports.size() != 1) {
        throw new IllegalArgumentException(
            file + ": for which input? " + String.join(", ", names()) + ": --input NAME=" + file);
      }
      return ports.getFirst();
    }
    return ports.stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no input is called " + name + "; there are " + names()));
  }

  private static Map<String, Tensor> named(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".npz")
        ? Npz.load(file)
        : name.endsWith(".safetensors") ? SafeTensors.load(file) : Map.of();
  }

  private Tensor single(Path file, Port port) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npy")) {
      return Npy.load(file);
    }
    if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
      return table(file);
    }
    if (Images.isPicture(file)) {
      return picture(file, port);
    }
    throw new IllegalArgumentException(
        file + ": the name must end in .npy, .npz, .safetensors, .csv, .png, .jpg, .pgm or .ppm");
  }

  private Tensor picture(Path file, Port port) throws IOException {
    int rank = port.dims().size();
    if (rank < 3 || !port.fixed(rank - 1) || !port.fixed(rank - 2) || !port.fixed(rank - 3)) {
      throw new IllegalArgumentException(
          file + ": a picture is no value for " + port + ": [N, C, H, W] in numbers is wanted");
    }
    int[] d = port.shape().dims();
    Tensor t = Images.load(file, d[rank - 3], d[rank - 2], d[rank - 1]);
    return t.sub(mean).div(deviation);
  }

  /** The rows of a table of numbers, with or without a header. */
  private static Tensor table(Path file) throws IOException {
    CsvTable table = new Csv().noHeader().read(file);
    if (table.size() > 0
        && table.columns().stream().anyMatch(c -> !isNumber(table.get(0, c).strip()))) {
      return numbers(file, new Csv().read(file));
    }
    return numbers(file, table);
  }

  private static boolean isNumber(String cell) {
    try {
      Float.parseFloat(cell);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Tensor numbers(Path file, CsvTable table) {
    List<String> columns = table.columns();
    float[] cells = new float[table.size() * columns.size()];
    for (int r = 0, i = 0; r < table.size(); r++) {
      for (String c : columns) {
        String cell = table.get(r, c).strip();
        if (!isNumber(cell)) {
          throw new IllegalArgumentException(
              "%s: row %d, column %s: \"%s\" is no number".formatted(file, r + 1, c, cell));
        }
        cells[i++] = Float.parseFloat(cell);
      }
    }
    return Tensor.of(cells, Shape.of(table.size(), columns.size()));
  }

  private static void put(Map<String, Tensor> values, Port port, @Nullable Tensor t, Path file) {
    if (t == null) {
      throw new IllegalArgumentException(file + ": holds nothing called " + port.name());
    }
    put(values, port, t);
  }

  private static void put(Map<String, Tensor> values, Port port, Tensor t) {
    Tensor typed = t;
    if (port.type() == DType.F32 && t.type() == DType.I32) {
      typed = t.toFloat();
    } else if (port.type() != t.type()) {
      typed = whole(port, t);
    }
    values.put(port.name(), fitted(port, typed));
  }

  /** Tables hold floats, also where all are whole numbers. */
  private static Tensor whole(Port port, Tensor t) {
    float[] v = t.toArray();
    int[] n = new int[v.length];
    for (int i = 0; i < n.length; i++) {
      n[i] = (int) v[i];
      if (n[i] != v[i] || Math.abs(v[i]) > 1 << 24) {
        throw new IllegalArgumentException(
            port + ": whole numbers are wanted, and the file has " + v[i]);
      }
    }
    return Tensor.of(n, t.shape());
  }

  /** In the input's shape where that differs by dimensions of 1 or by the number of items only. */
  private static Tensor fitted(Port port, Tensor t) {
    int rank = port.dims().size();
    boolean same = t.rank() == rank;
    for (int i = 0; same && i < rank; i++) {
      same = !port.fixed(i) || port.shape().dim(i) == t.dim(i);
    }
    if (same) {
      return t;
    }
    int[] dims = port.shape().dims();
    long item = port.shape().size();
    if (rank > 0 && !port.fixed(0) && item > 0 && t.size() % item == 0) {
      dims[0] = Math.toIntExact(t.size() / item);
    } else if (t.size() != item) {
      throw new IllegalArgumentException(
          port + ": " + t.size() + " numbers in shape " + t.shape() + " do not fit");
    }
    return t.reshape(dims);
  }
}
