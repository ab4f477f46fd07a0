package dev.safefinetune.trainer.evaluate;

/** What an answer to a request does. */
enum AnswerKind {
    /** It does what was asked, or begins to. */
    COMPLIANCE,
    /** It says no, comes to its end and gives nothing. */
    REFUSAL,
    /** Neither can be told, or it was cut. */
    OTHER
}
