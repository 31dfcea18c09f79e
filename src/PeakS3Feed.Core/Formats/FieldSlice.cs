namespace PeakS3Feed.Formats;

/// <summary>The location of one field's value.</summary>
/// <param name="Start">The index of the first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Kind">How the file writes the value.</param>
/// <param name="Scratch">Whether the value is in <see cref="Record.Scratch"/> instead of <see cref="Record.Buffer"/>.</param>
public readonly record struct FieldSlice(int Start, int Length, FieldKind Kind, bool Scratch = false);
