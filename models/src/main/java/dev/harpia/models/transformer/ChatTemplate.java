package dev.harpia.models.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a conversation is written down for a model that was trained on conversations. The forms of
 * three families; models' own template scripts are not run.
 */
public enum ChatTemplate {
  /** {@code <|im_start|>role\ncontent<|im_end|>\n}: Qwen, LFM2 and many others. */
  CHATML {
    @Override
    void message(Message m, List<Part> to) {
      to.add(new Part("<|im_start|>", true));
      to.add(new Part(m.role().word() + "\n" + m.content(), false));
      to.add(new Part("<|im_end|>", true));
      to.add(new Part("\n", false));
    }

    @Override
    void answer(List<Part> to) {
      to.add(new Part("<|im_start|>", true));
      to.add(new Part("assistant\n", false));
    }

    @Override
    public String end() {
      return "<|im_end|>";
    }
  },
  /** Llama 3: headers, and a token that ends each turn. */
  LLAMA3 {
    @Override
    void begin(List<Part> to) {
      to.add(new Part("<|begin_of_text|>", true));
    }

    @Override
    void message(Message m, List<Part> to) {
      header(m.role().word(), m.content().strip(), to);
      to.add(new Part("<|eot_id|>", true));
    }

    @Override
    void answer(List<Part> to) {
      header("assistant", "", to);
    }

    @Override
    public String end() {
      return "<|eot_id|>";
    }

    private void header(String role, String content, List<Part> to) {
      to.add(new Part("<|start_header_id|>", true));
      to.add(new Part(role, false));
      to.add(new Part("<|end_header_id|>", true));
      to.add(new Part("\n\n" + content, false));
    }
  },
  /**
   * Llama 2: {@code <s>[INST] question [/INST] answer </s>}, the system's words inside the first
   * question. User and assistant take turns.
   */
  LLAMA2 {
    @Override
    List<Part> parts(List<Message> messages, boolean answer) {
      boolean system = !messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM;
      List<Message> turns = system ? messages.subList(1, messages.size()) : messages;
      List<Part> to = new ArrayList<>();
      for (int i = 0; i < turns.size(); i++) {
        Role wanted = i % 2 == 0 ? Role.USER : Role.ASSISTANT;
        if (turns.get(i).role() != wanted) {
          throw new IllegalArgumentException(
              "chat: message %d is by %s: user and assistant must take turns, the system may begin"
                  .formatted(i + (system ? 1 : 0), turns.get(i).role().word()));
        }
        String text = turns.get(i).content().strip();
        if (wanted == Role.USER) {
          String frame =
              system && i == 0
                  ? "<<SYS>>\n" + messages.getFirst().content().strip() + "\n<</SYS>>\n\n"
                  : "";
          to.add(new Part("<s>", true));
          to.add(new Part("[INST] " + frame + text + " [/INST]", false));
        } else {
          to.add(new Part(" " + text + " ", false));
          to.add(new Part("</s>", true));
        }
      }
      boolean asked = turns.size() % 2 == 1;
      if (answer && !asked) {
        throw new IllegalArgumentException("chat: an answer needs a question before it");
      }
      return to;
    }

    @Override
    void message(Message m, List<Part> to) {}

    @Override
    void answer(List<Part> to) {}

    @Override
    public String end() {
      return "</s>";
    }
  };

  /** Who speaks. */
  public enum Role {
    /** Instructions for the whole conversation. */
    SYSTEM,
    /** The one who asks. */
    USER,
    /** The model. */
    ASSISTANT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What one of them says. */
  public record Message(Role role, String content) {
    /** Instructions for the whole conversation. */
    public static Message system(String content) {
      return new Message(Role.SYSTEM, content);
    }

    /** A question. */
    public static Message user(String content) {
      return new Message(Role.USER, content);
    }

    /** An answer. */
    public static Message assistant(String content) {
      return new Message(Role.ASSISTANT, content);
    }
  }

  /** A piece of the written conversation: a special token, or text in which there is none. */
  record Part(String text, boolean special) {}

  void begin(List<Part> to) {}

  abstract void message(Message m, List<Part> to);

  abstract void answer(List<Part> to);

  /** The special token with which the assistant ends an answer. */
  public abstract String end();

  List<Part> parts(List<Message> messages, boolean answer) {
    List<Part> to = new ArrayList<>();
    begin(to);
    messages.forEach(m -> message(m, to));
    if (answer) {
      answer(to);
    }
    return to;
  }

  /**
   * The conversation as text. Where what people said must not be taken for special tokens, use
   * {@link #encode}.
   *
   * @param answer whether the beginning of the assistant's next answer follows
   */
  public String render(List<Message> messages, boolean answer) {
    StringBuilder s = new StringBuilder();
    parts(messages, answer).forEach(p -> s.append(p.text()));
    return s.toString();
  }

  /**
   * The conversation as tokens; special tokens that people wrote are ordinary text.
   *
   * @param answer whether the beginning of the assistant's next answer follows
   */
  public int[] encode(BpeTokenizer tokenizer, List<Message> messages, boolean answer) {
    List<Integer> ids = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (Part p : parts(messages, answer)) {
      if (p.special()) {
        flush(tokenizer, text, ids);
        ids.add(tokenizer.special(p.text()));
      } else {
        text.append(p.text()); // cut into words as a whole
      }
    }
    flush(tokenizer, text, ids);
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void flush(BpeTokenizer tokenizer, StringBuilder text, List<Integer> ids) {
    Arrays.stream(tokenizer.encode(text.toString(), false).ids()).forEach(ids::add);
    text.setLength(0);
  }
}
