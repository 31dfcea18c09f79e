using System.Runtime.InteropServices;

namespace PeakS3Feed.Schemas;

/// <summary>The type that a column's values were found to have.</summary>
/// <param name="Type">The type.</param>
/// <param name="Scale">Digits behind the point; only for decimals.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InferredType(ColumnType Type, int Scale = 0);
