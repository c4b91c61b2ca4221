using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

namespace Ductape.MassTransit;

/// <summary>A client of SNS that may be kept from creating topics, and tells when one is gone.</summary>
internal sealed class WatchedSnsClient(AWSCredentials? credentials, AmazonSimpleNotificationServiceConfig config, bool mayCreate, Action<GoneEntity> gone)
    : AmazonSimpleNotificationServiceClient(credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(config), config)
{
    public override Task<CreateTopicResponse> CreateTopicAsync(CreateTopicRequest request, CancellationToken cancellationToken = default) =>
        mayCreate
            ? base.CreateTopicAsync(request, cancellationToken)
            : throw new MissingEntityException($"the SNS topic '{request.Name}'");

    public override async Task<PublishBatchResponse> PublishBatchAsync(PublishBatchRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.PublishBatchAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException exception) when (exception is NotFoundException || AmazonSqsReach.IsGone(exception.ErrorCode))
        {
            gone(new GoneEntity(true, request.TopicArn![(request.TopicArn!.LastIndexOf(':') + 1)..]));
            throw;
        }
    }
}
