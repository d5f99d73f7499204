package dev.harpia.models.music;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text in ABC notation into tunes, as the music lab does: a tune goes from the text's start
 * or a blank line to the next blank line, and the search for the next one begins one character
 * after the last one's start, so that one blank line may end a tune and begin another.
 */
public final class AbcTunes {
  private static final Pattern TUNE = Pattern.compile("(^|\n\n)(.*?)\n\n", Pattern.DOTALL);

  private AbcTunes() {}

  /** The tunes, without the blank lines around them. */
  public static List<String> cut(String text) {
    List<String> tunes = new ArrayList<>();
    Matcher m = TUNE.matcher(text);
    for (int from = 0; from <= text.length() && m.find(from); from = m.start() + 1) {
      tunes.add(m.group(2));
    }
    return tunes;
  }
}
