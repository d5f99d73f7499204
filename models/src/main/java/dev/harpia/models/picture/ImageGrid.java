package dev.harpia.models.picture;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Small pictures in rows and columns, enlarged without blurring, with words where wanted. */
public final class ImageGrid {
  private static final int GAP = 6;
  private static final int CAPTION = 20;
  private static final int TITLE = 44;
  private static final int MARGIN = 14;

  /** Pictures are enlarged, by a whole number, to at least this many pixels on each side. */
  private static final int SIDE = 84;

  private ImageGrid() {}

  /** What a caption says of its picture, by its colour. */
  public enum Verdict {
    /** Nothing: grey. */
    NONE,
    /** Right: blue. */
    RIGHT,
    /** Wrong: red. */
    WRONG
  }

  /** A picture with a line below it. */
  public record Tile(BufferedImage picture, String caption, Verdict verdict) {
    /** A picture without words. */
    public static Tile of(BufferedImage picture) {
      return new Tile(picture, "", Verdict.NONE);
    }
  }

  /** Pictures without captions, in rows of {@code columns}. */
  public static BufferedImage draw(String title, List<BufferedImage> pictures, int columns) {
    return captioned(title, pictures.stream().map(Tile::of).toList(), columns);
  }

  /** Pictures with captions, in rows of {@code columns}. */
  public static BufferedImage captioned(String title, List<Tile> tiles, int columns) {
    if (columns < 1) {
      throw new IllegalArgumentException("grid: " + columns + " columns: must be at least 1");
    }
    int zoom = zoom(tiles.stream().map(Tile::picture).toList());
    int width = zoom * tiles.stream().mapToInt(t -> t.picture().getWidth()).max().orElse(1);
    int height = zoom * tiles.stream().mapToInt(t -> t.picture().getHeight()).max().orElse(1);
    boolean words = tiles.stream().anyMatch(t -> !t.caption().isEmpty());
    int stepX = width + (words ? 3 * GAP : GAP);
    int stepY = height + (words ? CAPTION : 0) + GAP;
    int rows = Math.max(1, (tiles.size() + columns - 1) / columns);
    int across = Math.max(1, Math.min(columns, tiles.size()));
    Canvas canvas = canvas(title, across * stepX, rows * stepY);
    for (int i = 0; i < tiles.size(); i++) {
      Tile tile = tiles.get(i);
      int x = MARGIN + i % columns * stepX;
      int y = top(title) + i / columns * stepY;
      put(canvas, tile.picture(), x, y, zoom);
      canvas.centred(
          tile.caption(),
          x + width / 2.0,
          y + height + 15,
          Canvas.bold(12),
          colour(tile.verdict()));
    }
    return canvas.image;
  }

  /**
   * Rows of pictures, each with a name at its left: originals above their reconstructions, a walk
   * along a latent number, an interpolation from one picture to another.
   */
  public static BufferedImage rows(String title, List<Row> rows) {
    List<BufferedImage> all = new ArrayList<>();
    rows.forEach(row -> all.addAll(row.pictures()));
    int zoom = zoom(all);
    int width = zoom * all.stream().mapToInt(BufferedImage::getWidth).max().orElse(1);
    int height = zoom * all.stream().mapToInt(BufferedImage::getHeight).max().orElse(1);
    int most = rows.stream().mapToInt(row -> row.pictures().size()).max().orElse(1);
    Canvas ruler = new Canvas(1, 1);
    int label =
        rows.stream()
            .mapToInt(row -> ruler.pen.getFontMetrics(Canvas.plain(13)).stringWidth(row.name()))
            .max()
            .orElse(0);
    int left = MARGIN + (label == 0 ? 0 : label + 2 * GAP);
    Canvas canvas =
        canvas(title, left - MARGIN + most * (width + GAP), rows.size() * (height + GAP));
    for (int r = 0; r < rows.size(); r++) {
      int y = top(title) + r * (height + GAP);
      canvas.ended(
          rows.get(r).name(), left - 2.0 * GAP, y + height / 2.0 + 5, Canvas.plain(13), Canvas.INK);
      for (int i = 0; i < rows.get(r).pictures().size(); i++) {
        put(canvas, rows.get(r).pictures().get(i), left + i * (width + GAP), y, zoom);
      }
    }
    return canvas.image;
  }

  /** A row of pictures and its name, which may be empty. */
  public record Row(String name, List<BufferedImage> pictures) {
    /** Copies the list. */
    public Row {
      pictures = List.copyOf(pictures);
    }
  }

  private static Canvas canvas(String title, int width, int height) {
    Canvas ruler = new Canvas(1, 1);
    int words = ruler.pen.getFontMetrics(Canvas.bold(16)).stringWidth(title);
    Canvas canvas =
        new Canvas(Math.max(width - GAP, words) + 2 * MARGIN, top(title) + height - GAP + MARGIN);
    canvas.text(title, MARGIN, 28, Canvas.bold(16), Canvas.INK);
    canvas.pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    return canvas;
  }

  private static int top(String title) {
    return title.isEmpty() ? MARGIN : TITLE;
  }

  private static int zoom(List<BufferedImage> pictures) {
    int side =
        pictures.stream().mapToInt(p -> Math.max(p.getWidth(), p.getHeight())).max().orElse(SIDE);
    return Math.max(1, (SIDE + side - 1) / side);
  }

  private static void put(Canvas canvas, BufferedImage picture, int x, int y, int zoom) {
    canvas.pen.drawImage(
        picture, x, y, zoom * picture.getWidth(), zoom * picture.getHeight(), null);
  }

  private static Color colour(Verdict verdict) {
    return switch (verdict) {
      case NONE -> Canvas.FAINT;
      case RIGHT -> Canvas.BLUE;
      case WRONG -> Canvas.RED;
    };
  }
}
