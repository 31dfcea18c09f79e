using System.Management.Automation;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>
/// Lets a parameter of type <see cref="SchemaInput"/> accept the columns of Get-S3FeedSchema, objects or tables with a Name (and Type, Field,
/// Nullable), or one table of types by column.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemaTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (given is null)
            return null;
        try
        {
            // A custom object keeps its wrapper, which has its properties.
            return SchemaInput.From(given is PSCustomObject ? inputData! : given);
        }
        catch (Exception e) when (e is FeedException or PSArgumentException or PSInvalidCastException or FormatException or ArgumentException)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
