package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The trainer for processors: its libraries, the engine's native ones unpacked, and a program named trainer. */
record TrainerImage(BuiltTree built) implements Image {
    private static final int USER = 10_001;
    private static final String HOME = "opt/trainer";
    private static final String NATIVES = "opt/djl";

    @Override
    public String name() {
        return "trainer";
    }

    @Override
    public ImagePlan plan() {
        return new ImagePlan(
                "safe-fine-tune/trainer:" + built.version(),
                USER,
                List.of("/" + HOME + "/bin/trainer"),
                Map.of(
                        "LANG", "C.UTF-8",
                        "PATH", "/" + HOME + "/bin",
                        "DJL_CACHE_DIR", "/" + NATIVES,
                        "DJL_OFFLINE", "true",
                        "OPT_OUT_TRACKING", "true",
                        // A thread that spins while it waits takes the processors from the one it waits for.
                        "OMP_WAIT_POLICY", "passive"),
                List.of(),
                Image.labels(
                        built,
                        "safe-fine-tune trainer",
                        "Trains, evaluates and publishes models, a stage at a time; on processors."),
                List.of(
                        new ImagePlan.Layer("system", List.of("etc", "lib", "tmp", "usr/lib")),
                        new ImagePlan.Layer("natives", List.of(NATIVES)),
                        new ImagePlan.Layer("runtime", List.of(HOME + "/lib/runtime")),
                        new ImagePlan.Layer("application", List.of())));
    }

    @Override
    public void assemble(RootTree tree, Bill bill, Path work) throws IOException {
        Path runtime = work.resolve("runtime");
        RootTree.delete(runtime);
        new JavaRuntime(ModuleList.read(built.at("trainer-image/src/main/jvm/trainer.modules"))).writeTo(runtime);
        bill.runtime(JavaRuntime.release());

        RootTree libraries = RootTree.empty(work.resolve("libraries"));
        libraries.copyTree(built.at("trainer-image/target/lib"), ".");
        Path own = Coordinates.ownJar(built.at("trainer-image/target"));
        libraries.copy(own, own.getFileName().toString());

        RootTree natives = new RootTree(tree.at(NATIVES));
        NativeLibraries.unpackInto(natives, libraries, built, work);
        // As they are now, without the native libraries that were in them.
        bill.jars(libraries, ".", Coordinates.ofMaven(built.at("trainer-image/target/dependencies.txt")));
        bill.natives(natives, NATIVES);
        launcher(tree, libraries, own, runtime, work);
        bill.launcher(tree.at(HOME + "/lib/libapplauncher.so"), "/" + HOME + "/lib/libapplauncher.so");
        SystemFiles.writeTo(tree, name(), USER);
    }

    /** A program that becomes the Java process itself: no shell stands between the kubelet's signal and the trainer. */
    private void launcher(RootTree tree, RootTree libraries, Path own, Path runtime, Path work) throws IOException {
        Path output = work.resolve("launcher");
        RootTree.delete(output);
        List<String> arguments = new ArrayList<>(List.of(
                "--type", "app-image",
                "--name", name(),
                "--app-version", built.version(),
                "--input", libraries.root().toString(),
                "--main-jar", own.getFileName().toString(),
                "--main-class", "dev.safefinetune.trainer.command.TrainerCommand",
                "--runtime-image", runtime.toString(),
                "--dest", output.toString()));
        for (String option : built.options("trainer-image/src/main/jvm/trainer.options")) {
            arguments.add("--java-options");
            arguments.add(option);
        }
        Program.tool("jpackage", arguments);
        tree.copyTree(output.resolve(name()), HOME);
        SharedLibraries.strip(new RootTree(tree.at(HOME)));
        // An icon, and jpackage's own notes.
        Files.deleteIfExists(tree.at(HOME + "/lib/trainer.png"));
        Files.deleteIfExists(tree.at(HOME + "/lib/app/.jpackage.xml"));
    }
}
