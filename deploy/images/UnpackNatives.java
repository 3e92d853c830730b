import java.lang.reflect.InvocationTargetException;
import java.util.List;

/** Loads the native libraries on the class path once, so that they lie in their caches when a container starts. */
final class UnpackNatives {

    public static void main(String... arguments) throws ReflectiveOperationException {
        List<String> preset = List.of("avutil", "swresample", "swscale", "avcodec", "avformat");
        if (present("org.bytedeco.ffmpeg.global.avutil")) {
            Class<?> loader = Class.forName("org.bytedeco.javacpp.Loader");
            for (String library : preset) {
                call(loader, "load", Class.class, Class.forName("org.bytedeco.ffmpeg.global." + library));
            }
            System.out.println("unpacked FFmpeg");
        }
        if (present("ai.djl.pytorch.engine.PtEngine")) {
            Class<?> engine = Class.forName("ai.djl.engine.Engine");
            Object torch = engine.getMethod("getEngine", String.class).invoke(null, "PyTorch");
            System.out.println("unpacked " + torch);
        }
        if (present("ai.djl.huggingface.tokenizers.jni.LibUtils")) {
            Class.forName("ai.djl.huggingface.tokenizers.jni.LibUtils").getMethod("checkStatus").invoke(null);
            System.out.println("unpacked the tokenizers");
        }
    }

    private static boolean present(String name) {
        return UnpackNatives.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    private static void call(Class<?> type, String method, Class<?> parameter, Object argument)
            throws ReflectiveOperationException {
        try {
            type.getMethod(method, parameter).invoke(null, argument);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("cannot load " + argument, e.getCause());
        }
    }
}
