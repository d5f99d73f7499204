package dev.harpia.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Rows of text, printed as a Markdown table with aligned columns. */
public final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final int[] widths;

  /** A table with these headings. */
  public Table(String... headings) {
    widths = new int[headings.length];
    row(headings);
  }

  /** Adds a row. */
  public void row(String... cells) {
    String[] all = Arrays.copyOf(cells, widths.length);
    for (int i = 0; i < all.length; i++) {
      all[i] = i < cells.length ? cells[i] : "";
      widths[i] = Math.max(widths[i], all[i].length());
    }
    rows.add(all);
  }

  /** Prints the rows. */
  public void print(PrintStream out) {
    for (int r = 0; r < rows.size(); r++) {
      out.println(line(rows.get(r)));
      if (r == 0) {
        String[] rule = new String[widths.length];
        Arrays.setAll(rule, i -> "-".repeat(widths[i]));
        out.println(line(rule));
      }
    }
  }

  private String line(String[] cells) {
    StringBuilder b = new StringBuilder("|");
    for (int i = 0; i < cells.length; i++) {
      String pad = " ".repeat(widths[i] - cells[i].length());
      b.append(' ').append(i < 2 ? cells[i] + pad : pad + cells[i]).append(" |");
    }
    return b.toString();
  }

  /** A time with its unit, to three digits. */
  public static String time(double nanos) {
    if (Double.isNaN(nanos)) {
      return "-";
    }
    return nanos < 1e3
        ? number(nanos) + " ns"
        : nanos < 1e6
            ? number(nanos / 1e3) + " µs"
            : nanos < 1e9 ? number(nanos / 1e6) + " ms" : number(nanos / 1e9) + " s";
  }

  /** Three significant digits. */
  public static String number(double v) {
    double a = Math.abs(v);
    int digits = a == 0 || a >= 100 ? 0 : a >= 10 ? 1 : a >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + digits + "f", v);
  }
}
