package dev.harpia.nn.data;

import dev.harpia.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/** The rows of a CSV file, as texts. A cell that is missing is empty. */
public final class CsvTable {
  private final List<String> columns;
  private final List<String[]> rows;

  CsvTable(List<String> columns, List<String[]> rows) {
    this.columns = List.copyOf(columns);
    this.rows = rows;
  }

  /** The names of the columns; without a header they are {@code 0}, {@code 1}, …. */
  public List<String> columns() {
    return columns;
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  /** A cell; empty if it is missing. */
  public String get(int row, String column) {
    return rows.get(Objects.checkIndex(row, rows.size()))[place(column)];
  }

  /** The position of a column. */
  int place(String column) {
    int i = columns.indexOf(column);
    if (i < 0) {
      throw new IllegalArgumentException(
          "table: no column \"" + column + "\"; there are " + columns);
    }
    return i;
  }

  String cell(int row, int column) {
    return rows.get(row)[column];
  }

  /** Whether all cells of a column that are not missing are numbers, and one is not missing. */
  public boolean isNumeric(String column) {
    int c = place(column);
    boolean some = false;
    for (String[] row : rows) {
      if (!row[c].isEmpty()) {
        if (Double.isNaN(number(row[c]))) {
          return false;
        }
        some = true;
      }
    }
    return some;
  }

  /** The number in a cell, NaN if it is none. */
  static double number(String cell) {
    try {
      double v = Double.parseDouble(cell);
      // Java's own suffixes are no numbers of a table.
      char last = cell.charAt(cell.length() - 1);
      return last == 'f' || last == 'd' || last == 'F' || last == 'D' ? Double.NaN : v;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The rows of these numbers, in this order. */
  public CsvTable rows(int... indices) {
    List<String[]> chosen = new ArrayList<>(indices.length);
    for (int i : indices) {
      chosen.add(rows.get(Objects.checkIndex(i, rows.size())));
    }
    return new CsvTable(columns, chosen);
  }

  /** The same rows with one more column, its cell of each row given by the row's number. */
  public CsvTable with(String column, IntFunction<String> cell) {
    if (columns.contains(column)) {
      throw new IllegalArgumentException("table: there is a column \"" + column + "\" already");
    }
    List<String> names = new ArrayList<>(columns);
    names.add(column);
    List<String[]> longer = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      String[] row = Arrays.copyOf(rows.get(i), columns.size() + 1);
      row[columns.size()] = cell.apply(i);
      longer.add(row);
    }
    return new CsvTable(names, longer);
  }

  /** The same rows without some columns. */
  public CsvTable without(String... dropped) {
    List<Integer> kept = new ArrayList<>();
    Arrays.stream(dropped).forEach(this::place);
    for (int i = 0; i < columns.size(); i++) {
      if (!List.of(dropped).contains(columns.get(i))) {
        kept.add(i);
      }
    }
    List<String[]> shorter = new ArrayList<>(rows.size());
    for (String[] row : rows) {
      shorter.add(kept.stream().map(i -> row[i]).toArray(String[]::new));
    }
    return new CsvTable(kept.stream().map(columns::get).toList(), shorter);
  }

  /** Both parts of a split. */
  public record Split(CsvTable first, CsvTable second) {}

  /** Cuts the rows in two at random, {@code round(fraction · size)} in the first part. */
  public Split split(double fraction, long seed) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("split: fraction " + fraction + " must be from 0 to 1");
    }
    int[] order = new Rng(seed).permutation(size());
    int n = (int) Math.round(fraction * size());
    return new Split(
        rows(Arrays.copyOf(order, n)), rows(Arrays.copyOfRange(order, n, order.length)));
  }
}
