package dev.harpia.models.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** A chart as the page's script takes it: safe inside a {@code <script>} element. */
final class ChartJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final MathContext DIGITS = new MathContext(6);

  private ChartJson() {}

  static String of(Chart chart) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("kind", chart.kind().name().toLowerCase(Locale.ROOT));
      json.writeStringField("title", chart.title());
      json.writeStringField("x", chart.xTitle());
      json.writeStringField("y", chart.yTitle());
      json.writeBooleanField("logX", chart.logX());
      json.writeBooleanField("logY", chart.logY());
      json.writeArrayFieldStart("categories");
      for (String category : chart.categories()) {
        json.writeString(category);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("series");
      for (Curves.Line line : chart.drawable()) {
        json.writeStartObject();
        json.writeStringField("name", line.name());
        numbers(json, "x", line.x());
        numbers(json, "y", line.y());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString().replace("<", "\\u003c"); // no text can end the element
  }

  private static void numbers(JsonGenerator json, String name, double[] values) throws IOException {
    json.writeArrayFieldStart(name);
    for (double v : values) {
      if (Double.isFinite(v)) {
        json.writeNumber(new BigDecimal(v).round(DIGITS));
      } else {
        json.writeNull();
      }
    }
    json.writeEndArray();
  }
}
