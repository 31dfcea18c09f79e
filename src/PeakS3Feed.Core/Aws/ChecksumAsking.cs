using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.S3.Model.Internal.MarshallTransformations;

namespace PeakS3Feed.Aws;

/// <summary>Asks for an object's checksum without the SDK knowing, which would check it itself at a tenth of the speed.</summary>
internal sealed class ChecksumAsking : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = GetObjectRequestMarshaller.Instance.Marshall(input);
        request.Headers["x-amz-checksum-mode"] = "ENABLED";
        return request;
    }
}
