package dev.safefinetune.local.runner;

/** A volume cannot be mounted yet; the pod waits. */
final class MountException extends Exception {
    MountException(String message) {
        super(message);
    }
}
