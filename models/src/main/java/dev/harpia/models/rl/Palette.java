package dev.harpia.models.rl;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pictures with a table of their own colours: a drawing has few, and stays as it is, where the
 * usual table of 216 colours would mix them from dots.
 */
final class Palette {
  private static final int MOST = 256;

  private Palette() {}

  /**
   * The picture in at most 256 colours: its own, or, where it has more, those that are left when
   * each of red, green and blue is rounded to fewer bits.
   */
  static BufferedImage indexed(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    for (int dropped = 0; ; dropped++) {
      Map<Integer, Integer> table = table(pixels, dropped);
      if (table.size() <= MOST) {
        return draw(pixels, width, height, dropped, table);
      }
    }
  }

  private static Map<Integer, Integer> table(int[] pixels, int dropped) {
    Map<Integer, Integer> table = new LinkedHashMap<>();
    for (int p : pixels) {
      int colour = rounded(p, dropped);
      if (!table.containsKey(colour)) {
        table.put(colour, table.size());
      }
    }
    return table;
  }

  private static BufferedImage draw(
      int[] pixels, int width, int height, int dropped, Map<Integer, Integer> table) {
    int[] colours = table.keySet().stream().mapToInt(c -> 0xFF000000 | c).toArray();
    var model = new IndexColorModel(8, colours.length, colours, 0, false, -1, 0);
    BufferedImage indexed =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    byte[] row = new byte[pixels.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = table.getOrDefault(rounded(pixels[i], dropped), 0).byteValue();
    }
    indexed.getRaster().setDataElements(0, 0, width, height, row);
    return indexed;
  }

  /** Black and white stay black and white. */
  private static int rounded(int rgb, int dropped) {
    return channel(rgb >> 16 & 255, dropped) << 16
        | channel(rgb >> 8 & 255, dropped) << 8
        | channel(rgb & 255, dropped);
  }

  private static int channel(int value, int dropped) {
    int most = 255 >> dropped;
    return most == 0 ? 0 : (value >> dropped) * 255 / most;
  }
}
