package dev.harpia.models.hub;

import dev.harpia.models.bert.BertConfig;
import dev.harpia.models.hub.HubBert.Head;
import dev.harpia.models.hub.HubWeights.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which tensors BERT has, by the names of the {@code transformers} library, and where each goes in
 * ours: queries, keys and values are published apart, here they are one matrix. The oldest files
 * call the norms' weights gamma and beta.
 */
final class BertNames implements HubWeights.Names {
  private static final Pattern COMPUTED = Pattern.compile("embeddings\\.position_ids");

  private final Head head;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final String inner; // what our names of the encoder begin with

  BertNames(BertConfig c, Head head, int classes) {
    this.head = head;
    inner = head == Head.NONE ? "" : "bert.";
    int e = c.width();
    put("embeddings.word_embeddings.weight", "word_embeddings.weight", c.vocabulary(), e);
    put("embeddings.position_embeddings.weight", "position_embeddings.weight", c.context(), e);
    put("embeddings.token_type_embeddings.weight", "token_type_embeddings.weight", c.segments(), e);
    norm("embeddings.LayerNorm", "norm", e);
    for (int i = 0; i < c.layers(); i++) {
      String from = "encoder.layer." + i + ".";
      String to = "layers." + i + ".";
      int row = 0;
      for (String part : new String[] {"query", "key", "value"}) {
        Place w = Place.whole(inner + to + "self_attn.in_proj_weight", e, e);
        Place b = Place.whole(inner + to + "self_attn.in_proj_bias", e);
        places.put(from + "attention.self." + part + ".weight", w.at(row));
        places.put(from + "attention.self." + part + ".bias", b.at(row));
        row += e;
      }
      linear(from + "attention.output.dense", inner + to + "self_attn.out_proj", e, e);
      norm(from + "attention.output.LayerNorm", to + "norm1", e);
      linear(from + "intermediate.dense", inner + to + "linear1", c.hidden(), e);
      linear(from + "output.dense", inner + to + "linear2", e, c.hidden());
      norm(from + "output.LayerNorm", to + "norm2", e);
    }
    switch (head) {
      case NONE -> {}
      case MASKED -> {
        places.put("cls.predictions.bias", Place.whole("bias", c.vocabulary()));
        linear("cls.predictions.transform.dense", "dense", e, e);
        places.put("cls.predictions.transform.LayerNorm.weight", Place.whole("norm.weight", e));
        places.put("cls.predictions.transform.LayerNorm.bias", Place.whole("norm.bias", e));
      }
      case CLASSIFIER -> {
        linear("pooler.dense", "pooler", e, e);
        linear("classifier", "classifier", classes, e);
      }
    }
  }

  private void put(String theirs, String ours, int... dims) {
    places.put(theirs, Place.whole(inner + ours, dims));
  }

  private void norm(String theirs, String ours, int width) {
    put(theirs + ".weight", ours + ".weight", width);
    put(theirs + ".bias", ours + ".bias", width);
  }

  private void linear(String theirs, String ours, int out, int in) {
    places.put(theirs + ".weight", Place.whole(ours + ".weight", out, in));
    places.put(theirs + ".bias", Place.whole(ours + ".bias", out));
  }

  @Override
  public Map<String, Place> places() {
    return places;
  }

  @Override
  public String stripped(String name) {
    return name.replaceFirst("^bert\\.", "")
        .replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
        .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
  }

  @Override
  public String full(String stripped) {
    boolean inside = !stripped.startsWith("cls.") && !stripped.startsWith("classifier.");
    return (inside && head != Head.NONE ? "bert." : "") + stripped;
  }

  /** Heads that are not wanted, and the table of words once more, which is tied. */
  @Override
  public boolean isSpare(String stripped) {
    return COMPUTED.matcher(stripped).matches()
        || stripped.startsWith("cls.")
            && (head != Head.MASKED
                || stripped.startsWith("cls.seq_relationship.")
                || stripped.startsWith("cls.predictions.decoder."))
        || head != Head.CLASSIFIER
            && (stripped.startsWith("pooler.") || stripped.startsWith("classifier."));
  }
}
