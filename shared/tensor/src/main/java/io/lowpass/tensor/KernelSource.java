package io.lowpass.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Kernels as they are written, and as libtorch's loader takes them.
 *
 * <p>A file is Python: functions at its top level that call each other by name, constants such as {@code torch.float32},
 * and before them lines such as {@code from io.lowpass.models.common import gated, project}, which take functions, and
 * what these call, from another file on the class path. The loader wants methods of a class, and numbers for constants.
 * Each line becomes one line, so that an error can say where it is.
 */
final class KernelSource {

    private static final String EXTENSION = ".torchscript";
    private static final Pattern IMPORT = Pattern.compile("from ([\\w.]+) import (.+)");
    private static final Pattern NAME = Pattern.compile("\\w+");
    private static final Pattern FUNCTION = Pattern.compile("def (\\w+)\\(.*");
    private static final Pattern CALL = Pattern.compile("(?<![\\w.])(def )?(\\w+)\\((\\))?");
    private static final Pattern CONSTANT = Pattern.compile("\\btorch\\.(\\w+)\\b(?!\\()");
    private static final Pattern POSITION = Pattern.compile("File \"[^\"]*\", line (\\d+)");
    /** Scalar types, and a memory format, by the numbers that TorchScript has for them. */
    private static final Map<String, String> CONSTANTS =
            Map.of("uint8", "0", "int64", "4", "float32", "6", "float64", "7", "channels_last", "2");

    private record Line(String text, String origin) {}

    private final Map<String, List<Line>> functions;
    private final List<Line> lines;

    private KernelSource(Map<String, List<Line>> functions) {
        this.functions = functions;
        this.lines = functions.values().stream().flatMap(List::stream).toList();
    }

    /**
     * Reads a source, and the functions that it imports.
     *
     * @param loader where other files are found
     * @param name what errors call the source
     * @throws IllegalArgumentException if an import finds no file or no function, or two functions have one name; with
     *     file and line
     */
    static KernelSource of(ClassLoader loader, String name, String text) {
        return new KernelSource(read(loader, name, text));
    }

    /**
     * The methods of a class.
     *
     * @param self type of the class
     */
    String methods(String self) {
        return lines.stream()
                .map(line -> "  " + translated(line.text(), self) + "\n")
                .collect(Collectors.joining());
    }

    /**
     * What libtorch says of the class, with files and lines of the sources.
     *
     * @param header lines of the class before its methods
     */
    String located(String message, int header) {
        return POSITION.matcher(message).replaceAll(position -> {
            int line = Integer.parseInt(position.group(1)) - header;
            boolean ours = line > 0 && line <= lines.size();
            return Matcher.quoteReplacement(ours ? lines.get(line - 1).origin() : position.group());
        });
    }

    private static Map<String, List<Line>> read(ClassLoader loader, String name, String text) {
        Map<String, List<Line>> visible = new LinkedHashMap<>();
        List<Line> current = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String origin = name + ", line " + number;
            Matcher imported = IMPORT.matcher(line);
            Matcher function = FUNCTION.matcher(line);
            if (imported.matches()) {
                take(visible, loader, origin, imported);
            } else if (function.matches()) {
                current = new ArrayList<>();
                add(visible, function.group(1), current, origin);
            }
            current.add(new Line(line, origin));
        }
        return visible;
    }

    private static void take(Map<String, List<Line>> visible, ClassLoader loader, String origin, MatchResult imported) {
        String path = imported.group(1).replace('.', '/') + EXTENSION;
        Map<String, List<Line>> other;
        try (InputStream in = loader.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException(origin + ": there is no " + path);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            other = read(loader, path.substring(path.lastIndexOf('/') + 1), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String name : NAME.matcher(imported.group(2))
                .results()
                .map(MatchResult::group)
                .toList()) {
            if (!other.containsKey(name)) {
                throw new IllegalArgumentException(origin + ": " + path + " has no function '" + name + "'");
            }
            takeWithCalls(visible, other, name, origin);
        }
    }

    private static void takeWithCalls(
            Map<String, List<Line>> visible, Map<String, List<Line>> other, String name, String origin) {
        List<Line> lines = other.get(name);
        if (lines == null || lines.equals(visible.get(name))) {
            return;
        }
        add(visible, name, lines, origin);
        lines.forEach(line -> CALL.matcher(line.text())
                .results()
                .forEach(call -> takeWithCalls(visible, other, call.group(2), origin)));
    }

    private static void add(Map<String, List<Line>> visible, String name, List<Line> lines, String origin) {
        List<Line> before = visible.putIfAbsent(name, lines);
        if (before != null) {
            throw new IllegalArgumentException(origin + ": function '" + name + "' is defined already in "
                    + before.get(0).origin());
        }
    }

    private String translated(String line, String self) {
        String methods = CALL.matcher(line).replaceAll(call -> {
            String name = call.group(2);
            if (!functions.containsKey(name)) {
                return Matcher.quoteReplacement(call.group());
            }
            String end = call.group(3) == null ? "" : ")";
            return call.group(1) == null
                    ? "self." + name + "(" + end
                    : "def " + name + "(self: " + self + (end.isEmpty() ? ", " : end);
        });
        return CONSTANT.matcher(methods)
                .replaceAll(constant -> CONSTANTS.getOrDefault(constant.group(1), constant.group()));
    }
}
