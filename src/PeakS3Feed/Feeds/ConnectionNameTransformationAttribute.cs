using System.Management.Automation;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Accepts a connection in place of its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionNameTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
        => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is S3Connection connection ? connection.Name : inputData;
}
