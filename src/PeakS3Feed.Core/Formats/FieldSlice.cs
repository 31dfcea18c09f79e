namespace PeakS3Feed.Formats;

/// <summary>Where one field's value stands.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Kind">How it was written.</param>
/// <param name="Scratch">Whether it points into <see cref="Record.Scratch"/> instead of <see cref="Record.Buffer"/>.</param>
public readonly record struct FieldSlice(int Start, int Length, FieldKind Kind, bool Scratch = false);
