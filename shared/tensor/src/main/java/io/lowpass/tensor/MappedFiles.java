package io.lowpass.tensor;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The memory mappings of this process, and advice to the kernel about their pages. The advice never changes memory, so
 * it is harmless even if a mapping has been replaced meanwhile.
 */
final class MappedFiles {

    /** Linux, since 5.14: reads the pages of a range and enters them in the page tables. */
    private static final int POPULATE_READ = 22;

    /** Linux, since 5.4: marks pages as first candidates for reclaim. */
    private static final int COLD = 20;

    private static final long PAGE = 4096;

    /** C library calls without a Java equivalent. */
    private interface LibC extends Library {

        LibC INSTANCE = Native.load("c", LibC.class);

        int madvise(Pointer address, NativeLong length, int advice);
    }

    /**
     * A mapping.
     *
     * @param address of its first byte
     * @param offset of that byte in the file
     * @param length bytes
     */
    record Mapping(long address, long offset, long length) {}

    /** Nothing is mapped. */
    static final MappedFiles NONE = new MappedFiles(Map.of());

    private final Map<Path, List<Mapping>> byFile;

    private MappedFiles(Map<Path, List<Mapping>> byFile) {
        this.byFile = byFile;
    }

    /** The current mappings; empty if the kernel does not report them. */
    static MappedFiles now() {
        return of(Path.of("/proc/self/maps"));
    }

    /** The mappings that a file in the form of {@code /proc/self/maps} lists. */
    static MappedFiles of(Path maps) {
        Map<Path, List<Mapping>> byFile = new HashMap<>();
        if (Files.isReadable(maps)) {
            for (String line : lines(maps)) {
                // address-end permissions offset device inode path
                String[] fields = line.split("\\s+", 6);
                if (fields.length == 6 && fields[5].startsWith("/")) {
                    String[] range = fields[0].split("-", 2);
                    long from = Long.parseUnsignedLong(range[0], 16);
                    long length = Long.parseUnsignedLong(range[1], 16) - from;
                    byFile.computeIfAbsent(Path.of(fields[5]), file -> new ArrayList<>())
                            .add(new Mapping(from, Long.parseUnsignedLong(fields[2], 16), length));
                }
            }
        }
        return new MappedFiles(byFile);
    }

    private static List<String> lines(Path maps) {
        try {
            return Files.readAllLines(maps);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + maps, e);
        }
    }

    /** Where a range of a file, given by its real path, is mapped. */
    List<Mapping> sections(Path file, long from, long to) {
        return byFile.getOrDefault(file, List.of()).stream()
                .map(mapping -> section(mapping, from, to))
                .filter(section -> section.length() > 0)
                .toList();
    }

    /** The full pages of a mapping that contain bytes of a range of the file. */
    private static Mapping section(Mapping mapping, long from, long to) {
        long begin = Math.max(from - mapping.offset(), 0) / PAGE * PAGE;
        long end = Math.min(to - mapping.offset(), mapping.length());
        return new Mapping(mapping.address() + begin, mapping.offset() + begin, end - begin);
    }

    /** Reads a range of a file into memory, and waits for it. */
    void read(Path file, long from, long to) {
        // A page in two mappings would count as shared, which the kernel does not reclaim early.
        sections(file, from, to).stream().limit(1).forEach(section -> advise(section, POPULATE_READ));
    }

    /** Marks a range of a file as not needed soon. */
    void setAside(Path file, long from, long to) {
        sections(file, from, to).forEach(section -> advise(section, COLD));
    }

    /** Unknown or late advice has no effect. */
    private static void advise(Mapping section, int advice) {
        LibC.INSTANCE.madvise(new Pointer(section.address()), new NativeLong(section.length(), true), advice);
    }
}
