package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ReferenceTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that would end the process: native code panics at most of these, at once or with an unlucky prompt. */
class TokenizerDefinitionTest {

    private static final Path DEMO = ReferenceTensors.demoModel().resolve("tokenizer");
    private static final Path LLAMA = ReferenceTensors.golden("models/hunyuan-pipeline/tokenizer");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LENGTH = 12;

    @TempDir
    Path folder;

    @BeforeEach
    void copySettings() throws IOException {
        Files.copy(DEMO.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
    }

    /** Writes a copy of a tokenizer with another value at a JSON pointer, or without any if it is empty. */
    private void write(Path original, String pointer, String value) throws IOException {
        ObjectNode definition =
                (ObjectNode) JSON.readTree(original.resolve("tokenizer.json").toFile());
        int last = pointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) definition.at(pointer.substring(0, last));
        String field = pointer.substring(last + 1);
        if (value.isEmpty()) {
            parent.remove(field);
        } else {
            parent.set(field, JSON.readTree(value));
        }
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), definition);
        Files.copy(
                original.resolve("tokenizer_config.json"),
                folder.resolve("tokenizer_config.json"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String split(String expression) throws IOException {
        return "{\"type\":\"Split\",\"pattern\":{\"Regex\":" + JSON.writeValueAsString(expression)
                + "},\"behavior\":\"Isolated\",\"invert\":false}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a|a)*b",
                "(a|aa)+$",
                "([a-z]+)*!",
                "a+a+a+a+b",
                "(?<n>a\\g<n>?)",
                "(.)\\1+",
                "(?=a)",
                "(?<=a+)b",
                "(",
                "[a",
                "a{2}{3}",
                "a**",
                ".*.*=.*",
                "^(\\w+\\s?)*$",
                "",
                "a|",
                "\\"
            })
    void anExpressionThatMayTakeForEverIsRefusedWhereverItIs(String expression) throws IOException {
        // Given
        write(LLAMA, "/pre_tokenizer", split(expression));
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": pre_tokenizer: pattern is {\"Regex\":")
                .hasMessageContaining("no groups; or the expressions of CLIP, GPT-2, Llama 3 and Qwen 2");
        write(
                DEMO,
                "/normalizer",
                "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},{\"type\":\"Replace\",\"pattern\":{\"Regex\":"
                        + JSON.writeValueAsString(expression) + "},\"content\":\"\"}]}");
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH))
                .hasMessageContaining(": normalizer: normalizers[1]: pattern is");
    }

    @Test
    void aDeeplyNestedExpressionIsRefused() throws IOException {
        // Given
        write(LLAMA, "/pre_tokenizer", split("(".repeat(5000) + "a" + ")".repeat(5000)));
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH)).hasMessageContaining("pre_tokenizer: pattern is");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                        + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
                "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "\\s+",
                " {2,}",
                "[0-9]"
            })
    void theExpressionsOfPublicModelsRunOnTextsThatAreHardForThem(String expression) throws IOException {
        // Given
        write(LLAMA, "/pre_tokenizer", split(expression));
        try (Tokenizer tokenizer = Tokenizer.open(folder, LENGTH)) {
            // When, Then
            for (String part : new String[] {"a", " ", "\n", " \n", "'", "é", "1", "a ", "'s", "日"}) {
                String text = part.repeat(10_000 / part.length());
                assertThatCode(() -> tokenizer.encode(text + "!")).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void aPieceThatNativeCodeCannotFreeIsRefused() throws IOException {
        // Given
        write(DEMO, "/model/vocab", "[[\"" + "a".repeat(70_000) + "\", 0]]");
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vocab: 0 is")
                .hasMessageContaining("at most 1000 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/post_processor/single | [{\"SpecialToken\":{\"id\":\"<q>\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]"
                        + "| post_processor: single is",
                "/post_processor/single | [{\"Sequence\":{\"id\":\"B\",\"type_id\":0}}] | post_processor: single is",
                "/post_processor/single | [] | post_processor: single is",
                "/post_processor/single | 7 | post_processor: single is 7",
                "/post_processor/special_tokens/<~1s>/ids | [] | post_processor: single is",
                "/post_processor/special_tokens/<~1s>/ids | [-1] | post_processor: single is",
                "/post_processor | {\"type\":\"Nothing\"} | type is \"Nothing\", allowed is one of BertProcessing",
                "/post_processor | {\"type\":\"RobertaProcessing\",\"cls\":[1],\"sep\":[\"a\",1]} | cls is [1], allowed is",
                "/post_processor | 5 | post_processor is not a JSON object",
                "/normalizer | {\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAP////8AAAAA\"}"
                        + "| normalizer: precompiled_charsmap is",
                "/normalizer | {\"type\":\"Precompiled\",\"precompiled_charsmap\":\"%%\"} | normalizer: precompiled_charsmap is",
                "/normalizer | {\"type\":\"Precompiled\"} | normalizer: precompiled_charsmap is missing",
                "/normalizer | {\"type\":\"Nope\"} | normalizer: type is \"Nope\", allowed is Sequence or one of",
                "/normalizer | {\"type\":\"Prepend\"} | prepend is missing",
                "/pre_tokenizer/replacement | \"ab\" | pre_tokenizer: replacement is \"ab\", allowed is one character",
                "/pre_tokenizer | {\"type\":\"FixedLength\",\"length\":0} | pre_tokenizer: type is \"FixedLength\"",
                "/model/unk_id | 99999 | model: unk_id is 99999",
                "/model/unk_id | null | model: unk_id is null",
                "/model/unk_id | -1 | model: unk_id is -1",
                "/model/vocab | [] | model: vocab is []",
                "/model/vocab | [[\"a\",\"b\"]] | model: vocab: 0 is [\"a\",\"b\"], allowed is a piece and its score",
                "/model/vocab | 7 | model: vocab is 7",
                "/model/type | \"WordPiece\" | model: type is \"WordPiece\", allowed is \"Unigram\"",
                "/model | null | model is not a JSON object",
                "/added_tokens | {} | added_tokens is {}",
                "/model/byte_fallback | 5 | byte_fallback is 5"
            })
    void aDefinitionOfPiecesThatDoesNotHoldTogetherIsRefusedWithTheField(String pointer, String value, String problem)
            throws IOException {
        // Given
        write(DEMO, pointer, value);
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(folder.resolve("tokenizer.json").toString())
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/model/continuing_subword_prefix | \"##\" | continuing_subword_prefix is \"##\", allowed is null or \"\"",
                "/model/merges | [\"zzq qqz\"] | model: merges: 0 is \"zzq qqz\", allowed is two tokens of the vocabulary",
                "/model/merges | [\"abc\"] | model: merges: 0 is \"abc\"",
                "/model/merges | [[\"a\"]] | model: merges: 0 is [\"a\"]",
                "/model/merges | null | model: merges is null",
                "/model/dropout | 0.5 | dropout is 0.5",
                "/model/unk_token | \"<none>\" | unk_token is \"<none>\", allowed is a token of the vocabulary",
                "/model/vocab/a | -4 | vocab: a is -4, allowed is the id of a token",
                "/model/vocab/a | 4294967296 | vocab: a is 4294967296"
            })
    void aDefinitionOfBytePairsThatDoesNotHoldTogetherIsRefusedWithTheField(
            String pointer, String value, String problem) throws IOException {
        // Given
        write(LLAMA, pointer, value);
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":4294967296,\"content\":\"<pad>\"} | id is 4294967296",
                "{\"id\":3,\"content\":\"\"} | content is \"\"",
                "{\"id\":3,\"content\":\"x\",\"single_word\":7} | single_word is 7",
                "[] | added_tokens[0] is not a JSON object"
            })
    void anAddedTokenThatIsNoneIsRefused(String token, String problem) throws IOException {
        // Given
        JsonNode pad = JSON.readTree(DEMO.resolve("tokenizer.json").toFile())
                .path("added_tokens")
                .path(0);
        write(DEMO, "/added_tokens", "[" + token + "," + pad + "]");
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH)).hasMessageContaining(problem);
    }

    @Test
    void rulesThatAreNestedWithoutEndAreRefused() throws IOException {
        // Given
        String open = "{\"type\":\"Sequence\",\"normalizers\":[";
        write(DEMO, "/normalizer", open.repeat(50) + "{\"type\":\"NFC\"}" + "]}".repeat(50));
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH)).hasMessageContaining("no deeper than 4 in another");
        Files.writeString(folder.resolve("tokenizer.json"), "[".repeat(100_000));
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH)).hasMessageContaining("is not JSON");
    }

    @Test
    void moreTokensAroundATextThanThereIsRoomForAreRefused() throws IOException {
        // Given
        String end = "{\"SpecialToken\":{\"id\":\"</s>\",\"type_id\":0}}";
        write(
                DEMO,
                "/post_processor/single",
                "[" + (end + ",").repeat(5) + "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]");
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, 3))
                .hasMessageContaining("post_processor")
                .hasMessageContaining("adds at most 3 tokens, not 5");
        assertThatCode(() -> Tokenizer.open(folder, 6).close()).doesNotThrowAnyException();
    }

    @Test
    void aPointerOfGitLfsIsNamed() throws IOException {
        // Given
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 16837417\n";
        Files.writeString(folder.resolve("tokenizer.json"), pointer);
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH))
                .hasMessageContaining("is a Git LFS pointer, not the file itself (16837417 bytes expected)");
        Files.delete(folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("spiece.model"), pointer);
        assertThatThrownBy(() -> Tokenizer.open(folder, LENGTH))
                .hasMessageStartingWith(folder.resolve("spiece.model") + " is a Git LFS pointer");
    }

    /** A trie of one block that knows one byte. */
    private static byte[] table(int leaf, String texts) {
        ByteBuffer table = ByteBuffer.allocate(4 + 1024 + texts.length()).order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(0, 1024);
        // The root leads to place 0; "a" lies at place 97, has a leaf, and leads to place 97 ^ 2 = 99.
        table.putInt(4, 0);
        table.putInt(4 + 4 * 97, 2 << 10 | 1 << 8 | 97);
        table.putInt(4 + 4 * 99, 1 << 31 | leaf);
        table.position(4 + 1024);
        table.put(texts.getBytes(StandardCharsets.UTF_8));
        return table.array();
    }

    @Test
    void aTableOfCharactersIsFollowedToItsEnd() throws IOException {
        // Given
        byte[] fine = table(2, "x\0b\0");
        byte[] beyond = table(5, "x\0b\0");
        byte[] away = table(2, "x\0b\0");
        ByteBuffer.wrap(away).order(ByteOrder.LITTLE_ENDIAN).putInt(4 + 4 * 97, 4000 << 10 | 97);
        byte[] large = table(0, "x".repeat(300) + "\0");
        // When, Then
        assertThat(CharacterTrie.isTable(fine)).isTrue();
        assertThat(CharacterTrie.isTable(beyond)).isFalse();
        assertThat(CharacterTrie.isTable(away)).isFalse();
        assertThat(CharacterTrie.isTable(large)).isFalse();
        write(
                DEMO,
                "/normalizer",
                "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\""
                        + Base64.getEncoder().encodeToString(fine) + "\"}");
        try (Tokenizer changed = Tokenizer.open(folder, LENGTH);
                Tokenizer plain = Tokenizer.open(DEMO, LENGTH)) {
            assertThat(changed.encode("aall").ids())
                    .isEqualTo(plain.encode("bbll").ids());
        }
    }
}
