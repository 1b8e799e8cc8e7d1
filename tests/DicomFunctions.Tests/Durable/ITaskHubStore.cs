using DurableTask.Core;
using DurableTask.Core.Query;

namespace DicomFunctions.App.Tests.Durable;

/// <summary>All that the Durable SDK's service asks of a storage provider.</summary>
public interface ITaskHubStore :
    IOrchestrationService, IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient;
