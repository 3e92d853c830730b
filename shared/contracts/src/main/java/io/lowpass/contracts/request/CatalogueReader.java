package io.lowpass.contracts.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.lowpass.contracts.EventJson;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From the text of a catalogue to its entries, or to everything that is wrong with it at once; and back. */
final class CatalogueReader {

    private static final String DEFAULT = "defaultModel";
    private static final String MODELS = "models";
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Problems problems = new Problems();

    private CatalogueReader() {}

    /**
     * Reads a catalogue.
     *
     * @param source where the text is from, for messages
     * @throws IllegalArgumentException if it is none
     */
    static ModelCatalogue read(String text, String source) {
        JsonNode root;
        try {
            requireNoAliases(text, source);
            root = YAML.readTree(text);
        } catch (MismatchedInputException e) {
            throw new IllegalArgumentException(source + " has something after the catalogue" + line(e), e);
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new IllegalArgumentException(source + " is no YAML: " + reason + line(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(source, e);
        }
        if (!(root instanceof ObjectNode object)) {
            throw new IllegalArgumentException(
                    source + " is no model catalogue: it has no fields; allowed are " + DEFAULT + " and " + MODELS);
        }
        return new CatalogueReader().read(object, source);
    }

    /** A tree would hold the name of what an alias means, and not that. */
    private static void requireNoAliases(String text, String source) throws IOException {
        try (JsonParser events = YAML.createParser(text)) {
            while (events.nextToken() != null) {
                if (events instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
                    throw new IllegalArgumentException(source + " has an alias, *" + yaml.getText() + ", at line "
                            + yaml.currentTokenLocation().getLineNr()
                            + ", allowed is what it means, written out");
                }
            }
        }
    }

    /** Where it is, if that is known: limits on sizes do not know it. */
    private static String line(JsonProcessingException e) {
        return Optional.ofNullable(e.getLocation())
                .map(location -> " at line " + location.getLineNr())
                .orElse("");
    }

    /** The catalogue as a file would hold it. */
    static String write(ModelCatalogue catalogue) {
        JsonNode tree = EventJson.mapper().valueToTree(catalogue);
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("No YAML for " + catalogue, e);
        }
    }

    private ModelCatalogue read(ObjectNode object, String source) {
        Fields file = new Fields("", object, problems);
        file.allowOnly(List.of(DEFAULT, MODELS));
        List<ModelCard> cards = cards(file);
        file.requirePresent(DEFAULT, "the name of one of the models");
        Optional<String> first = file.text(DEFAULT, Integer.MAX_VALUE);
        List<String> names = cards.stream().map(ModelCard::name).toList();
        if (first.isPresent() && !problems.any() && !names.contains(first.get())) {
            file.refuse(Violation.UNKNOWN_VALUE, DEFAULT, "one of the models: " + String.join(", ", names));
        }
        problems.requireNone(source);
        return new ModelCatalogue(first.orElseThrow(), cards);
    }

    private List<ModelCard> cards(Fields file) {
        List<ModelCard> cards = new ArrayList<>();
        JsonNode models = file.find(MODELS).orElse(MissingNode.getInstance());
        if (!models.isArray() || models.isEmpty()) {
            Violation other = models.isArray() ? Violation.RANGE : Violation.TYPE;
            file.refuse(models.isMissingNode() ? Violation.REQUIRED : other, MODELS, "a list of at least one model");
            return cards;
        }
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i) instanceof ObjectNode entry) {
                String name = entry.path("name").isTextual() ? entry.get("name").textValue() : Integer.toString(i);
                Fields fields = new Fields(MODELS + "." + Problem.shorten(name), entry, problems);
                if (cards.stream().anyMatch(card -> card.name().equals(name))) {
                    fields.refuse(Violation.DUPLICATE, "name", "a name that no other model has");
                }
                new CardReader(fields).card().ifPresent(cards::add);
            } else {
                problems.add(Violation.TYPE, MODELS + "." + i, models.get(i), "an object: a model");
            }
        }
        return cards;
    }
}
