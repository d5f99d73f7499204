package dev.harpia.nn.train;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * An epoch's result as a line of JSON. Logs have numbers, which cannot be NaN; checkpoints have all
 * numbers as texts, which come back bit for bit.
 */
final class EpochText {
  private static final JsonFactory JSON = new JsonFactory();

  private EpochText() {}

  /** The columns of a log, in order. */
  static Map<String, Double> columns(EpochResult r) {
    Map<String, Double> columns = new LinkedHashMap<>();
    columns.put("epoch", (double) r.epoch());
    columns.put("steps", (double) r.steps());
    columns.putAll(r.figures());
    columns.put("rate", r.rate());
    columns.put("examples", (double) r.examples());
    columns.put("examples_per_second", r.examplesPerSecond());
    columns.put("train_seconds", r.trainSeconds());
    columns.put("seconds", r.seconds());
    return columns;
  }

  /** A number as logs have it: whole ones without a point. */
  static String number(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
  }

  /** A line of a log. */
  static String line(EpochResult r) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, Double> e : columns(r).entrySet()) {
        json.writeFieldName(e.getKey());
        if (Double.isFinite(e.getValue())) {
          json.writeRawValue(number(e.getValue()));
        } else {
          json.writeNull();
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string has room", e);
    }
    return out.toString();
  }

  static String write(EpochResult r) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("epoch", Long.toString(r.epoch()));
    all.put("steps", Long.toString(r.steps()));
    all.put("train_loss", Double.toString(r.trainLoss()));
    r.validLoss().ifPresent(v -> all.put("valid_loss", Double.toString(v)));
    all.put("rate", Double.toString(r.rate()));
    all.put("examples", Long.toString(r.examples()));
    all.put("train_seconds", Double.toString(r.trainSeconds()));
    all.put("seconds", Double.toString(r.seconds()));
    r.train().forEach((name, v) -> all.put("train:" + name, Double.toString(v)));
    r.valid().forEach((name, v) -> all.put("valid:" + name, Double.toString(v)));
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, String> e : all.entrySet()) {
        json.writeStringField(e.getKey(), e.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string has room", e);
    }
    return out.toString();
  }

  static EpochResult read(String text) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    Map<String, Double> train = new LinkedHashMap<>();
    Map<String, Double> valid = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new NumberFormatException("an epoch must be an object: " + text);
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        if (key.startsWith("train:")) {
          train.put(key.substring(6), Double.parseDouble(json.getText()));
        } else if (key.startsWith("valid:")) {
          valid.put(key.substring(6), Double.parseDouble(json.getText()));
        } else {
          all.put(key, json.getText());
        }
      }
    }
    String loss = all.getOrDefault("valid_loss", "");
    return new EpochResult(
        Long.parseLong(all.getOrDefault("epoch", "")),
        Long.parseLong(all.getOrDefault("steps", "")),
        Double.parseDouble(all.getOrDefault("train_loss", "")),
        train,
        loss.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(loss)),
        valid,
        Double.parseDouble(all.getOrDefault("rate", "")),
        Long.parseLong(all.getOrDefault("examples", "")),
        Double.parseDouble(all.getOrDefault("train_seconds", "")),
        Double.parseDouble(all.getOrDefault("seconds", "")));
  }
}
