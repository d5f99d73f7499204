package dev.harpia.nn.data;

import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Turns the rows of tables into numbers: numeric columns become (x − mean)/deviation, categories
 * become one column each, of ones and zeros. Means, deviations and categories come from the table
 * of {@link Builder#fit}, the training rows; other rows are encoded with the same.
 *
 * <pre>{@code
 * TableEncoder encoder = TableEncoder.classes("species").numeric("length", "width").fit(train);
 * Dataset test = encoder.dataset(testRows);
 * }</pre>
 */
public final class TableEncoder {
  private final List<Column> columns;
  private final Column target;
  private final Missing missing;

  private TableEncoder(List<Column> columns, Column target, Missing missing) {
    this.columns = columns;
    this.target = target;
    this.missing = missing;
  }

  /** Which columns there are, and what is done with them. */
  public static final class Builder {
    private final String target;
    private final boolean classes;
    private final Map<String, Boolean> numeric = new LinkedHashMap<>();
    private boolean others;
    private Missing missing = Missing.REFUSE;

    private Builder(String target, boolean classes) {
      this.target = target;
      this.classes = classes;
    }

    /** Adds columns of numbers. */
    public Builder numeric(String... columns) {
      for (String c : columns) {
        numeric.put(c, true);
      }
      return this;
    }

    /** Adds columns of categories. */
    public Builder categorical(String... columns) {
      for (String c : columns) {
        numeric.put(c, false);
      }
      return this;
    }

    /** Adds all columns not named: numeric if all their cells are numbers, else categorical. */
    public Builder others() {
      others = true;
      return this;
    }

    /** Chooses what becomes of missing cells; a missing target is refused or dropped. */
    public Builder missing(Missing policy) {
      missing = policy;
      return this;
    }

    /** Takes means, deviations and categories from these rows. */
    public TableEncoder fit(CsvTable rows) {
      Map<String, Boolean> kinds = new LinkedHashMap<>(numeric);
      if (others) {
        for (String c : rows.columns()) {
          if (!c.equals(target)) {
            kinds.putIfAbsent(c, rows.isNumeric(c));
          }
        }
      }
      if (kinds.isEmpty() || kinds.containsKey(target)) {
        throw new IllegalArgumentException(
            "encoder: columns "
                + kinds.keySet()
                + ": there must be one at least, and not the target "
                + target);
      }
      List<Column> columns = new ArrayList<>();
      kinds.forEach(
          (name, isNumeric) ->
              columns.add(isNumeric ? Column.numeric(rows, name) : Column.categories(rows, name)));
      Column t = classes ? Column.categories(rows, target) : Column.numeric(rows, target);
      return new TableEncoder(columns, t, missing);
    }
  }

  /** Rows that are told apart by a column of classes. */
  public static Builder classes(String target) {
    return new Builder(target, true);
  }

  /** Rows from which a number is to be told; targets are standardised as inputs are. */
  public static Builder regression(String target) {
    return new Builder(target, false);
  }

  /** The number of inputs, D. */
  public int width() {
    return columns.stream().mapToInt(Column::width).sum();
  }

  /** What each of the inputs is: {@code age}, {@code sex=F}, …. */
  public List<String> inputs() {
    return columns.stream().flatMap(c -> c.names().stream()).toList();
  }

  /** The classes in the order of their numbers. */
  public List<String> classes() {
    return target.categories();
  }

  /** A standardised target as it was in the table. */
  public double original(double standardised) {
    return standardised * target.deviation() + target.mean();
  }

  /** Inputs [N, D]; targets [N] of I32 for classes, [N, 1] of F32 for numbers. */
  public TensorDataset dataset(CsvTable rows) {
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (complete(rows, i)) {
        used.add(i);
      }
    }
    int width = width();
    float[] x = new float[Math.multiplyExact(used.size(), width)];
    float[] y = new float[used.size()];
    int[] c = new int[used.size()];
    for (int n = 0; n < used.size(); n++) {
      int row = used.get(n);
      int at = n * width;
      for (Column column : columns) {
        column.encode(rows, row, x, at);
        at += column.width();
      }
      if (target.isNumeric()) {
        y[n] = target.number(rows, row);
      } else {
        c[n] = target.category(rows, row);
      }
    }
    Tensor inputs = Tensor.of(x, Shape.of(used.size(), width)).copy();
    Tensor targets =
        target.isNumeric() ? Tensor.of(y, Shape.of(used.size(), 1)).copy() : Tensor.of(c).copy();
    return new TensorDataset(inputs, targets);
  }

  /** Whether a row is to be used; throws where missing cells are refused. */
  private boolean complete(CsvTable rows, int row) {
    boolean lacksTarget = target.isMissing(rows, row);
    if (missing == Missing.FILL) {
      if (lacksTarget) {
        throw lacking(target, row);
      }
      return true;
    }
    for (Column c : columns) {
      if (c.isMissing(rows, row)) {
        if (missing == Missing.REFUSE) {
          throw lacking(c, row);
        }
        return false;
      }
    }
    if (lacksTarget && missing == Missing.REFUSE) {
      throw lacking(target, row);
    }
    return !lacksTarget;
  }

  private static IllegalArgumentException lacking(Column c, int row) {
    return new IllegalArgumentException(
        "encoder: column \"%s\" is empty in row %d; missing(Missing.DROP) leaves such rows out"
            .formatted(c.name(), row));
  }

  /**
   * What was learned of a column.
   *
   * @param categories of a categorical column, sorted; empty for a numeric one
   */
  private record Column(
      String name, boolean isNumeric, double mean, double deviation, List<String> categories) {
    static Column numeric(CsvTable rows, String name) {
      int c = rows.place(name);
      double sum = 0;
      long n = 0;
      for (int i = 0; i < rows.size(); i++) {
        if (!rows.cell(i, c).isEmpty()) {
          sum += parse(rows, i, c);
          n++;
        }
      }
      double mean = n == 0 ? 0 : sum / n;
      double squares = 0;
      for (int i = 0; i < rows.size(); i++) {
        if (!rows.cell(i, c).isEmpty()) {
          double d = parse(rows, i, c) - mean;
          squares += d * d;
        }
      }
      double deviation = n == 0 ? 0 : Math.sqrt(squares / n);
      // A constant column says nothing: it becomes zeros.
      return new Column(name, true, mean, deviation > 0 ? deviation : 1, List.of());
    }

    static Column categories(CsvTable rows, String name) {
      int c = rows.place(name);
      TreeSet<String> seen = new TreeSet<>();
      for (int i = 0; i < rows.size(); i++) {
        if (!rows.cell(i, c).isEmpty()) {
          seen.add(rows.cell(i, c));
        }
      }
      return new Column(name, false, 0, 1, List.copyOf(seen));
    }

    private static double parse(CsvTable rows, int row, int c) {
      double v = CsvTable.number(rows.cell(row, c));
      if (!Double.isFinite(v)) {
        throw new IllegalArgumentException(
            "encoder: column \"%s\", row %d: \"%s\" is not a number"
                .formatted(rows.columns().get(c), row, rows.cell(row, c)));
      }
      return v;
    }

    int width() {
      return isNumeric ? 1 : categories.size();
    }

    List<String> names() {
      return isNumeric ? List.of(name) : categories.stream().map(v -> name + "=" + v).toList();
    }

    boolean isMissing(CsvTable rows, int row) {
      return rows.cell(row, rows.place(name)).isEmpty();
    }

    float number(CsvTable rows, int row) {
      int c = rows.place(name);
      return rows.cell(row, c).isEmpty() ? 0 : (float) ((parse(rows, row, c) - mean) / deviation);
    }

    /** A category that was not there at fitting has no column: all its columns are zero. */
    void encode(CsvTable rows, int row, float[] x, int at) {
      if (isNumeric) {
        x[at] = number(rows, row);
      } else {
        find(rows.cell(row, rows.place(name))).ifPresent(i -> x[at + i] = 1);
      }
    }

    int category(CsvTable rows, int row) {
      String cell = rows.cell(row, rows.place(name));
      return find(cell)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "encoder: column \"%s\", row %d: class \"%s\" is none of %s"
                          .formatted(name, row, cell, categories)));
    }

    private OptionalInt find(String category) {
      int i = java.util.Collections.binarySearch(categories, category);
      return i < 0 ? OptionalInt.empty() : OptionalInt.of(i);
    }
  }
}
