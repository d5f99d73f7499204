package dev.harpia.models.report;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tables of a page. */
final class Tables {
  private static final Pattern NUMBER = Pattern.compile("[-+−]?[0-9][0-9,.]*(e[-+]?[0-9]+)?( ?%)?");

  private Tables() {}

  static String plain(List<String> head, List<List<String>> rows) {
    StringBuilder out = new StringBuilder("<div class=\"wide\"><table>\n<tr>");
    for (int c = 0; c < head.size(); c++) {
      int column = c;
      boolean numbers = !rows.isEmpty() && rows.stream().allMatch(row -> number(row.get(column)));
      out.append(numbers ? "<th class=\"number\">" : "<th>")
          .append(Html.escaped(head.get(c)))
          .append("</th>");
    }
    out.append("</tr>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      for (String cell : row) {
        out.append(number(cell) ? "<td class=\"number\">" : "<td>")
            .append(Html.escaped(cell))
            .append("</td>");
      }
      out.append("</tr>\n");
    }
    return out.append("</table></div>").toString();
  }

  private static boolean number(String cell) {
    return NUMBER.matcher(cell).matches();
  }

  /** Each cell is shaded by its share of its row: hits in one colour, misses in another. */
  static String confusion(List<String> names, int[][] counts) {
    StringBuilder out =
        new StringBuilder(
            "<div class=\"wide\"><table class=\"confusion\">\n<tr><th>true \\ said</th>");
    names.forEach(name -> out.append("<th>").append(Html.escaped(name)).append("</th>"));
    out.append("</tr>\n");
    for (int row = 0; row < counts.length; row++) {
      out.append("<tr><th>").append(Html.escaped(names.get(row))).append("</th>");
      long total = 0;
      for (int count : counts[row]) {
        total += count;
      }
      for (int column = 0; column < counts[row].length; column++) {
        double share = total == 0 ? 0 : (double) counts[row][column] / total;
        // misses are rare: the root of the root keeps one in a thousand visible
        double strength = row == column ? 0.8 * share : 0.8 * Math.sqrt(Math.sqrt(share));
        out.append(
            String.format(
                Locale.ROOT,
                "<td class=\"%s\" style=\"--share:%.1f%%\">%d</td>",
                row == column ? "hit" : "miss",
                100 * strength,
                counts[row][column]));
      }
      out.append("</tr>\n");
    }
    return out.append("</table></div>").toString();
  }
}
