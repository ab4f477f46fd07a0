package dev.safefinetune.trainer.store;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** Calls of Linux that Java has no method for. A negative answer is an error number, negated. */
final class Native {
    /** No such file or directory. */
    static final int ENOENT = 2;

    /** A file where a directory would have to be. */
    static final int ENOTDIR = 20;

    /** Too many links on the way. */
    static final int ELOOP = 40;

    /** Read only, never waiting for a writer, not handed to child processes, and never a terminal of this one: open(2). */
    private static final int READ_FLAGS = 0x800 | 0x80000 | 0x100;

    /** Paths are relative to the working directory. */
    private static final int AT_FDCWD = -100;

    private static final int RENAME_EXCHANGE = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));

    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static final MethodHandle RENAME = function(
            "renameat2",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));

    private static final MethodHandle LIMIT = function(
            "setrlimit", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private Native() {}

    private static MethodHandle function(String name, FunctionDescriptor types, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), types, all);
    }

    /** What a call does with memory of its own. */
    @FunctionalInterface
    private interface Call {
        int with(Arena arena, MemorySegment state) throws Throwable;
    }

    private static int call(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int answer = call.with(arena, state);
            return answer < 0 ? -(int) ERRNO.get(state, 0L) : answer;
        } catch (Throwable e) {
            throw new IllegalStateException("libc cannot be called", e);
        }
    }

    /** Opens a file for reading; gives its descriptor. */
    static int open(Path file) {
        return call((arena, state) -> (int) OPEN.invokeExact(state, arena.allocateFrom(file.toString()), READ_FLAGS));
    }

    /** Closes a descriptor. */
    static void close(int descriptor) {
        int ignored = call((arena, state) -> (int) CLOSE.invokeExact(state, descriptor));
    }

    /** Gives each of two files or directories the other's name, both at once: no moment has one name without either. */
    static int exchange(Path one, Path other) {
        return call((arena, state) -> (int) RENAME.invokeExact(
                state,
                AT_FDCWD,
                arena.allocateFrom(one.toString()),
                AT_FDCWD,
                arena.allocateFrom(other.toString()),
                RENAME_EXCHANGE));
    }

    /** Bounds a resource of this process for good: setrlimit(2). */
    static int limit(int resource, long soft, long hard) {
        return call((arena, state) ->
                (int) LIMIT.invokeExact(state, resource, arena.allocateFrom(ValueLayout.JAVA_LONG, soft, hard)));
    }
}
