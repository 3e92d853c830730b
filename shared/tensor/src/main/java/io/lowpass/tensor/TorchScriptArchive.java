package io.lowpass.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The file format that {@code torch::jit::load} reads, for a module without parameters. */
final class TorchScriptArchive {

    private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};
    private static final String MODULE = "Kernels";
    private static final String HEADER =
            "class " + MODULE + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";
    /** Lines of the code before those of the source. */
    static final int HEADER_LINES = (int) HEADER.lines().count();

    private TorchScriptArchive() {}

    /** Packs functions into an archive, as the methods of its module. */
    static byte[] of(KernelSource functions) {
        String source = HEADER + functions.methods("__torch__." + MODULE);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "kernels/data.pkl", emptyModule());
            put(zip, "kernels/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            put(zip, "kernels/constants.pkl", EMPTY_TUPLE);
            // Version 10 is the newest of libtorch 2.3: no operator is upgraded while loading.
            put(zip, "kernels/version", "10\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The pickle of a module object whose only attribute is {@code training = False}. */
    private static byte[] emptyModule() {
        byte[] training = "training".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2}); // PROTO 2
        pickle.writeBytes(("c__torch__\n" + MODULE + "\n").getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '('}); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
        pickle.writeBytes(new byte[] {'X', (byte) training.length, 0, 0, 0}); // BINUNICODE
        pickle.writeBytes(training);
        pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // NEWFALSE SETITEMS BUILD STOP
        return pickle.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] data) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(data.length);
        entry.setCompressedSize(data.length);
        CRC32 crc = new CRC32();
        crc.update(data);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(data);
        zip.closeEntry();
    }
}
